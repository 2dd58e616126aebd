// Conversion of the calendar's times, in the user's time zone, to those of the database, in the system's. Whole
// days are not converted.
const DATABASE_FORMAT = "YYYY-MM-DD HH:mm:ss";

export function to_system_time(date) {
	return frappe.datetime.convert_to_system_tz(moment(date).locale("en").format(DATABASE_FORMAT));
}

export function to_activity_times(start, end, all_day) {
	if (!all_day) return { starts_on: to_system_time(start), ends_on: end ? to_system_time(end) : null };
	const day = (date) => moment(date).locale("en").format("YYYY-MM-DD");
	// The calendar's end is exclusive.
	const last = end ? moment(end).subtract(1, "day") : start;
	return { starts_on: `${day(start)} 00:00:00`, ends_on: `${day(last)} 23:59:59` };
}
