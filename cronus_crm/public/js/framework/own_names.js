// Which DocTypes, reports and pages are ours: what overrides the framework leaves those of others alone.
export const is_own = (name) => /^(Cronus |Proforma$|Invoice$)/.test(name || "");

// Whether the page that is open is one of ours, or shows a DocType or report of ours.
export const is_own_page = () => (frappe.get_route() || []).some((part) => is_own(part) || /^cronus-/.test(part));

// Whether a field is one of our DocTypes. A column of a report and a figure have no DocType: what page is open says
// whose they are.
export const is_own_field = (df) => is_own(df?.parent || (frappe.get_route() || []).at(-1));
