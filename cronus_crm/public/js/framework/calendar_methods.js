// Methods of the calendar of activities that override the framework's. The framework copies everything in the settings
// of a calendar (cronus_activity_calendar.js) to the calendar object, methods too: `this` is the calendar, and the
// overridden method is called by the prototype. Neither version has a setting for filters above the calendar, for the
// text of an event, or for a click on a free hour.
//
// Frappe 15 has FullCalendar 3; 16 has FullCalendar 6, with other names and with dates of the browser instead of
// moments. What differs is in `build_options_3` and `build_options_6`; the rest is for both.
import { style_event } from "../agenda/agenda_events";
import { add_filters, read_filter_values } from "../agenda/agenda_filters";
import { to_activity_times, to_system_time } from "../agenda/agenda_times";

frappe.provide("cronus_crm");

const LAST_VIEW = "cronus_agenda_view";
const VIEW_NAMES_6 = { month: "dayGridMonth", agendaWeek: "timeGridWeek", agendaDay: "timeGridDay" };

cronus_crm.agenda = {
	make_page() {
		frappe.views.Calendar.prototype.make_page.call(this);
		this.page.set_title(__("Agenda"));
		// The first events may be requested before the saved filters are restored.
		add_filters(this.list_view).then((restored) => restored.length && this.refresh());
	},

	setup_options(defaults) {
		const narrow = window.innerWidth < 768;
		const last = localStorage.getItem(LAST_VIEW) || (narrow ? "listWeek" : "month");
		frappe.views.Calendar.prototype.setup_options.call(this, defaults);
		Object.assign(
			this.cal_options,
			{
				firstDay: first_day_of_week(),
				now: () => frappe.datetime.now_datetime(),
				scrollTime: "07:00:00",
				slotEventOverlap: false,
			},
			has_full_calendar_6() ? build_options_6(this, last, narrow) : build_options_3(this, last, narrow)
		);
		this.cal_options.buttonText.listWeek = __("List");
	},

	set_css() {
		frappe.views.Calendar.prototype.set_css.call(this);
		// Pictures within buttons that have a title.
		this.$wrapper.find(":is(.fc-prev-button, .fc-next-button) span").attr({ role: null, "aria-hidden": true });
		this.$wrapper.find(".fc-listWeek-button").appendTo(this.$wrapper.find(".btn-group").first());
	},

	get_args(start, end) {
		return {
			doctype: this.doctype,
			start: to_system_time(start),
			end: to_system_time(end),
			filters: this.list_view.filter_area.get(),
		};
	},

	// Sets colours, title and tooltip of an event. An activity that is not pending cannot be moved.
	prepare_colors(event) {
		frappe.views.Calendar.prototype.prepare_colors.call(this, event);
		style_event(event);
		event.editable = event.editable && event.state === "Pending";
		// The end of whole days is exclusive. For FullCalendar 3 the framework adds the day.
		if (has_full_calendar_6() && event.allDay) {
			event.start = moment(event.start).format("YYYY-MM-DD");
			event.end = moment(event.end).add(1, "day").format("YYYY-MM-DD");
		}
		return event;
	},

	get_update_args(event) {
		const all_day = has_full_calendar_6() ? event.allDay : !event.start.hasTime();
		return { name: event.id, ...to_activity_times(event.start, event.end, all_day), all_day: all_day ? 1 : 0 };
	},

	// After a selection of several hours or days. A click is a selection of one, which open_at answers.
	open_range(start, end, all_day) {
		const is_click = all_day ? moment(end).diff(start, "days") <= 1 : moment(end).diff(start, "minutes") <= 30;
		if (is_click) return;
		const times = to_activity_times(start, end, all_day);
		this.open_dialog({ ...times, all_day: all_day ? 1 : 0 });
	},

	// After a click on a free hour, or on a day: there at the hour at which a day begins, today at the next half hour.
	// The end follows from the type.
	open_at(date, all_day) {
		if (!all_day) return this.open_dialog({ starts_on: to_system_time(date) });
		const day = moment(date).locale("en").format("YYYY-MM-DD");
		this.open_dialog({ starts_on: to_system_time(`${day} ${find_hour(day)}`) });
	},

	open_dialog(times) {
		const mode = times.starts_on < frappe.datetime.system_datetime() ? "happened" : "planned";
		const values = { ...times, mode, ...read_filter_values(this.list_view) };
		cronus_crm.activities.open_dialog(values, { after: () => this.refresh() });
	},
};

function has_full_calendar_6() {
	return Boolean(frappe.FullCalendar);
}

function build_options_3(calendar, last, narrow) {
	return {
		header: { left: "prev, title, next", right: "today, month, agendaWeek, agendaDay, listWeek" },
		defaultView: Object.keys(VIEW_NAMES_6).find((name) => VIEW_NAMES_6[name] === last) || last,
		contentHeight: compute_height({ name: last }),
		eventLimit: narrow ? 2 : 6,
		viewRender: (view) => {
			localStorage.setItem(LAST_VIEW, view.name);
			view.calendar.option("contentHeight", compute_height(view));
			// After a change from month to week, the scroll position can be set only once the height is.
			setTimeout(() => view.applyScroll({ isDateInit: true }));
		},
		eventRender: (event, element) => show_event(event, element[0]),
		dayClick: (date) => calendar.open_at(date, !date.hasTime()),
		select: (start, end) => calendar.open_range(start, end, !start.hasTime()),
	};
}

function build_options_6(calendar, last, narrow) {
	return {
		headerToolbar: {
			left: "prev,title,next",
			center: "",
			right: "today,dayGridMonth,timeGridWeek,timeGridDay,listWeek",
		},
		initialView: VIEW_NAMES_6[last] || last,
		contentHeight: "auto",
		views: { timeGrid: { contentHeight: compute_height({ name: "agendaWeek" }) } },
		dayMaxEventRows: narrow ? 2 : 6,
		moreLinkText: (number) => __("+{0} more", [number]),
		...texts_6(),
		moreLinkDidMount: ({ el }) => el.setAttribute("role", "button"),
		// A day is named by what it holds too, not by its date alone.
		dayCellDidMount: ({ el }) => el.removeAttribute("aria-labelledby"),
		eventTimeFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
		datesSet: ({ view }) => {
			localStorage.setItem(LAST_VIEW, view.type);
			setTimeout(() => style_buttons(calendar.$wrapper, view));
		},
		eventDidMount: ({ event, el }) => show_event(event.extendedProps, el),
		dateClick: ({ date, allDay }) => calendar.open_at(date, allDay),
		select: ({ start, end, allDay }) => calendar.open_range(start, end, allDay),
	};
}

// What FullCalendar 6 says in the language of a locale; the framework loads none, which leaves English.
function texts_6() {
	return {
		buttonHints: { prev: __("Previous"), next: __("Next"), today: __("Today") },
		viewHint: "$0",
		moreLinkHint: (number) => __("+{0} more", [number]),
		closeHint: __("Close"),
		timeHint: __("Time"),
		eventHint: __("Activity"),
		allDayText: __("All Day"),
		noEventsText: __("No activities"),
	};
}

// FullCalendar 6 removes the framework's classes of the buttons whenever it redraws them, and the framework does not
// know the list view.
function style_buttons($wrapper, view) {
	const $buttons = $wrapper.find(".fc-header-toolbar .fc-button-group button");
	$buttons.removeClass("fc-button fc-button-primary fc-button-active active").addClass("btn btn-default");
	$buttons.filter(`.fc-${view.type}-button`).addClass("active");
}

// In week and day the hours scroll inside the calendar; a month and a list have the height of their content.
function compute_height({ name }) {
	return name.startsWith("agenda") ? Math.max(window.innerHeight - 260, 480) : "auto";
}

function find_hour(day) {
	const [today, time] = frappe.datetime.now_datetime().split(" ");
	if (day !== today) return "09:00:00";
	const [hour, minute] = time.split(":").map(Number);
	if (minute < 30 || hour === 23) return `${String(hour).padStart(2, "0")}:30:00`;
	return `${String(hour + 1).padStart(2, "0")}:00:00`;
}

function first_day_of_week() {
	const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
	return Math.max(days.indexOf(frappe.sys_defaults.first_day_of_the_week || "Monday"), 0);
}

function show_event(event, element) {
	element.title = event.tooltip;
	element.classList.add("cronus-event", `cronus-event-${event.looks}`);
	const dot = element.querySelector(".fc-event-dot, .fc-list-event-dot");
	if (dot) dot.style.cssText = `background-color: ${event.edge}; border-color: ${event.edge}`;
	const title = element.querySelector(".fc-title, .fc-list-item-title, .fc-event-title, .fc-list-event-title");
	if (title && event.state === "Cancelled") title.style.textDecoration = "line-through";
}
