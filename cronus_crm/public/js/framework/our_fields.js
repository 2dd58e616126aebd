const OUR_NAMES = /^(Cronus |Proforma$|Invoice$)/;

// True for a field of our DocTypes. A column of a report and a figure have no DocType: what page is open says whose they
// are.
export const is_ours = (df) => OUR_NAMES.test(df?.parent || (frappe.get_route() || []).at(-1) || "");
