// The zone below a field of a moment, only for those whose zone is not the company's. The framework (15 and 16) writes
// it below every such field, in English. Only for our DocTypes.
const OUR_NAMES = /^(Cronus |Proforma$|Invoice$)/;
const { set_description } = frappe.ui.form.ControlDatetime.prototype;

frappe.ui.form.ControlDatetime.prototype.set_description = function () {
	if (OUR_NAMES.test(this.df?.parent || "") && frappe.datetime.is_system_time_zone()) this.df.hide_timezone = true;
	return set_description.call(this);
};
