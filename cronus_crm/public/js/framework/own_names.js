// Which DocTypes, reports and pages are ours: what overrides the framework leaves those of others alone.
export const is_own = (name) => /^(Cronus |Proforma$|Invoice$)/.test(name || "");

// Whether the page that is open is one of ours, or shows a DocType or report of ours.
export const is_own_page = () => (frappe.get_route() || []).some((part) => is_own(part) || /^cronus-/.test(part));
