// Texts of the charts of our reports, on the report and on the dashboard. The chart library (frappe-charts 2, of Frappe 15
// and 16) cuts labels and legends off where it guesses that there is no room, and writes counts with decimals: 200.00.
const LETTER = 6.2; // px, the average width of a letter of an axis
const LINE = 11; // px
const MOST_LINES = 2;
const NAMESPACE = "http://www.w3.org/2000/svg";

// A figure on the axis: whole, and short from a thousand on. Between two counts there is none.
export function axis_number(fieldtype) {
	return (value) => {
		const number = Number(value);
		if (Math.abs(number) >= 1000) return frappe.utils.format_chart_axis_number(number);
		if (fieldtype === "Int" && !Number.isInteger(number)) return "";
		return format_number(number, null, Number.isInteger(number) ? 0 : 2);
	};
}

// Shows the whole labels of a chart that was drawn, and its legend as text below it. options: those of the chart.
export function show_whole_texts(chart, wrapper, { data, colors, type }) {
	if (!chart?.draw || !["bar", "line", "axis-mixed"].includes(type)) return;
	if (!chart.cronus_labels) {
		const draw = chart.draw.bind(chart);
		// Also after a change of the window's size.
		chart.draw = (...args) => {
			draw(...args);
			wrap_labels(wrapper, chart.cronus_labels);
		};
	}
	chart.cronus_labels = data.labels;
	wrap_labels(wrapper, data.labels);
	if (data.datasets.length > 1) add_legend(wrapper, data.datasets, colors || []);
}

function add_legend(wrapper, datasets, colors) {
	wrapper.querySelector(".cronus-legend")?.remove();
	const legend = document.createElement("div");
	legend.className = "cronus-legend small d-flex flex-wrap justify-content-center";
	legend.style.gap = "4px 18px";
	for (const [index, { name }] of datasets.entries()) {
		const part = document.createElement("span");
		const mark = document.createElement("i");
		mark.style.cssText = `display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 6px;
			vertical-align: -1px; background: ${colors[index] || "gray"}`;
		part.append(mark, name);
		legend.append(part);
	}
	wrapper.append(legend);
}

// The labels of the horizontal axis on up to two lines. Those that have no room on them keep what the library shows.
function wrap_labels(wrapper, labels) {
	const texts = [...wrapper.querySelectorAll(".x.axis text")];
	const plot = wrapper.querySelector("svg.frappe-chart, svg.chart");
	if (!plot || texts.length !== labels.length) return;
	const letters = Math.floor((plot.clientWidth - 60) / labels.length / LETTER);
	for (const [index, text] of texts.entries()) {
		const label = String(labels[index]);
		if (text.textContent === label) continue;
		const lines = split_lines(label, letters);
		if (lines) write_lines(text, lines);
	}
}

// The words of a label on lines of so many letters; null if they do not fit.
function split_lines(label, letters) {
	const lines = [];
	for (const word of label.split(/\s+/)) {
		const last = lines.length - 1;
		if (last >= 0 && lines[last].length + 1 + word.length <= letters) lines[last] += ` ${word}`;
		else lines.push(word);
	}
	return lines.length <= MOST_LINES && lines.every((line) => line.length <= letters) ? lines : null;
}

function write_lines(text, lines) {
	text.textContent = "";
	for (const [index, line] of lines.entries()) {
		const part = document.createElementNS(NAMESPACE, "tspan");
		part.setAttribute("x", text.getAttribute("x") || 0);
		if (index) part.setAttribute("dy", LINE);
		part.textContent = line;
		text.append(part);
	}
}
