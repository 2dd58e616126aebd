// Methods that the calendar of activities has in the place of the framework's. The calendar takes over whatever its
// settings hold, methods too: `this` is the calendar, and what they replace is called by its prototype. See
// cronus_activity_calendar.js. Neither version has a setting for filters above the calendar, for what an event shows, or
// for what a click on a free hour does.
//
// Frappe 15 has FullCalendar 3 and 16 has FullCalendar 6, which names things otherwise and has dates of the
// browser where 3 has its own. What differs is in `options_of_3` and `options_of_6`; the rest is for both.
import { add_filters, filtered_by } from "../agenda/agenda_filters";
import { bounds, to_system } from "../agenda/agenda_times";

frappe.provide("cronus_crm");

const LAST_VIEW = "cronus_agenda_view";
const NAMES_IN_6 = { month: "dayGridMonth", agendaWeek: "timeGridWeek", agendaDay: "timeGridDay" };

cronus_crm.agenda = {
	make_page() {
		frappe.views.Calendar.prototype.make_page.call(this);
		this.page.set_title(__("Agenda"));
		// The first events may be asked for before the fields have got back what they held.
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
			is_6() ? options_of_6(this, last, narrow) : options_of_3(this, last, narrow)
		);
		this.cal_options.buttonText.listWeek = __("List");
	},

	set_css() {
		frappe.views.Calendar.prototype.set_css.call(this);
		this.$wrapper.find(".fc-listWeek-button").appendTo(this.$wrapper.find(".btn-group").first());
	},

	get_args(start, end) {
		return {
			doctype: this.doctype,
			start: to_system(start),
			end: to_system(end),
			filters: this.list_view.filter_area.get(),
		};
	},

	// An event as the server gave it gets the colours of its activity; what is over is pale and stays put.
	prepare_colors(event) {
		frappe.views.Calendar.prototype.prepare_colors.call(this, event);
		if (frappe.ui.color.validate_hex(event.text_color)) event.textColor = event.text_color;
		event.editable = event.editable && event.state === "Pending";
		event.tooltip = [event.activity_type && __(event.activity_type), event.subject, event.customer_name]
			.concat(event.place, cronus_crm.sees_others() ? event.seller : null, __(event.state, null, "Cronus Activity"))
			.filter(Boolean)
			.join(" · ");
		if (event.customer_name && !event.title.includes(event.customer_name)) {
			event.title = `${event.title} · ${event.customer_name}`;
		}
		if (event.state === "Done") event.title = `✓ ${event.title}`;
		// 6 has the day after the last one as the end; 3 is given it by the framework.
		if (is_6() && event.allDay) {
			event.start = moment(event.start).format("YYYY-MM-DD");
			event.end = moment(event.end).add(1, "day").format("YYYY-MM-DD");
		}
		return event;
	},

	get_update_args(event) {
		const all_day = is_6() ? event.allDay : !event.start.hasTime();
		return { name: event.id, ...bounds(event.start, event.end, all_day), all_day: all_day ? 1 : 0 };
	},

	// A click on a free hour, or several hours or days that were marked. In the month, one day is for looking at.
	plan(start, end, all_day, in_month) {
		if (in_month && moment(end).diff(start, "days") === 1) return;
		const values = { ...bounds(start, end, all_day), ...filtered_by(this.list_view) };
		if (all_day) values.all_day = 1;
		// One slot only says when it starts: it lasts as long as its type does.
		else if (moment(end).diff(start, "minutes") <= 30) delete values.ends_on;
		cronus_crm.activities.new_activity(values, { after: () => this.refresh() });
	},
};

function is_6() {
	return Boolean(frappe.FullCalendar);
}

function options_of_3(calendar, last, narrow) {
	return {
		header: { left: "prev, title, next", right: "today, month, agendaWeek, agendaDay, listWeek" },
		defaultView: Object.keys(NAMES_IN_6).find((name) => NAMES_IN_6[name] === last) || last,
		contentHeight: height_of({ name: last }),
		eventLimit: narrow ? 2 : 6,
		viewRender: (view) => {
			localStorage.setItem(LAST_VIEW, view.name);
			view.calendar.option("contentHeight", height_of(view));
			// From a month to a week, the hours could not be scrolled to before they had their height.
			setTimeout(() => view.applyScroll({ isDateInit: true }));
		},
		eventRender: (event, element) => show_event(event, element[0]),
		select: (start, end, click, view) => calendar.plan(start, end, !start.hasTime(), view.name === "month"),
	};
}

function options_of_6(calendar, last, narrow) {
	return {
		headerToolbar: {
			left: "prev,title,next",
			center: "",
			right: "today,dayGridMonth,timeGridWeek,timeGridDay,listWeek",
		},
		initialView: NAMES_IN_6[last] || last,
		contentHeight: "auto",
		views: { timeGrid: { contentHeight: height_of({ name: "agendaWeek" }) } },
		dayMaxEventRows: narrow ? 2 : 6,
		moreLinkText: (number) => __("+{0} more", [number]),
		eventTimeFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
		datesSet: ({ view }) => {
			localStorage.setItem(LAST_VIEW, view.type);
			setTimeout(() => style_buttons(calendar.$wrapper, view));
		},
		eventDidMount: ({ event, el }) => show_event(event.extendedProps, el),
		select: ({ start, end, allDay, view }) =>
			calendar.plan(start, end, allDay, view.type === "dayGridMonth"),
	};
}

// Each time that 6 draws its buttons it takes away what the framework made of them; and that knows no list.
function style_buttons($wrapper, view) {
	const $buttons = $wrapper.find(".fc-header-toolbar .fc-button-group button");
	$buttons.removeClass("fc-button fc-button-primary fc-button-active active").addClass("btn btn-default");
	$buttons.filter(`.fc-${view.type}-button`).addClass("active");
}

// Hours scroll in the calendar, from when work begins; a month and a list are as long as what is in them.
function height_of({ name }) {
	return name.startsWith("agenda") ? Math.max(window.innerHeight - 260, 480) : "auto";
}

function first_day_of_week() {
	const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
	return Math.max(days.indexOf(frappe.sys_defaults.first_day_of_the_week || "Monday"), 0);
}

function show_event(event, element) {
	element.title = event.tooltip;
	if (event.state === "Pending") return;
	element.style.opacity = 0.6;
	const title = element.querySelector(".fc-title, .fc-list-item-title, .fc-event-title, .fc-list-event-title");
	if (title && event.state === "Cancelled") title.style.textDecoration = "line-through";
}
