// Lists of the framework's DocTypes that we use. The framework's list of contacts shows a status that says nothing, and a
// telephone that is empty where the only one is a mobile.
export const SHARED_LISTS = {
	Contact: {
		add_fields: ["mobile_no"],
		default_columns: ["full_name", "company_name", "designation", "phone", "email_id"],
		hide_status: true,
		formatters: { phone: (phone, _df, { mobile_no }) => cronus_crm.phone_link({ phone: phone || mobile_no }) },
		short_labels: { phone: __("Phone"), email_id: __("E-mail") },
	},
};
