// The calendar has wall clock times of the user; the database, of the system. Whole days have none.
const AS_STORED = "YYYY-MM-DD HH:mm:ss";

export function to_system(date) {
	return frappe.datetime.convert_to_system_tz(moment(date).locale("en").format(AS_STORED));
}

export function bounds(start, end, all_day) {
	if (!all_day) return { starts_on: to_system(start), ends_on: end ? to_system(end) : null };
	const day = (date) => moment(date).locale("en").format("YYYY-MM-DD");
	const last = end ? moment(end).subtract(1, "day") : start;
	return { starts_on: `${day(start)} 00:00:00`, ends_on: `${day(last)} 23:59:59` };
}
