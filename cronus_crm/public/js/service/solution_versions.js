// What a solution said before, and how it comes back.
frappe.provide("cronus_crm.solutions");

const { escape_html: escape } = frappe.utils;

Object.assign(cronus_crm.solutions, {
	async show_versions(frm) {
		const versions = await frappe.xcall("cronus_crm.api.solutions.list_versions", { solution: frm.doc.name });
		const dialog = new frappe.ui.Dialog({
			title: __("Versions of {0}", [frm.doc.name]),
			size: "large",
			fields: [
				{
					fieldname: "version",
					fieldtype: "Select",
					label: __("Version"),
					options: versions.map((version) => ({ value: String(version.version_number), label: describe(version) })),
					default: String(versions[0].version_number),
					onchange: () => show(),
				},
				{ fieldname: "text", fieldtype: "HTML" },
			],
		});
		const chosen = () => versions.find(({ version_number }) => String(version_number) === dialog.get_value("version"));
		const show = () => {
			const { question, answer } = chosen() || versions[0];
			// The server has taken out of the answer what runs.
			dialog.fields_dict.text.$wrapper.html(`<h5>${escape(question)}</h5><div class="ql-editor read-mode">${answer}</div>`);
		};
		if (frm.perm[0].write) {
			dialog.set_primary_action(__("Use this version"), async () => {
				await cronus_crm.call_once(dialog, "cronus_crm.api.solutions.restore_version", {
					solution: frm.doc.name,
					version_number: chosen().version_number,
				});
				frm.reload_doc();
			});
		}
		dialog.show();
		show();
	},
});

function describe({ version_number, saved_by, saved_on }) {
	return `${version_number} · ${frappe.datetime.str_to_user(saved_on.slice(0, 16), false, true)} · ${frappe.user.full_name(saved_by)}`;
}
