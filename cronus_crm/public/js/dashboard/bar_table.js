// HTML of a bar chart as a table, with number and amount of each bar. centred: a funnel, with the conversion to the
// next bar.
export function bar_table_html({ data, colors, lines, centred, currency }) {
	const highest = Math.max(...lines.map(({ number }) => number), 1);
	const escape = frappe.utils.escape_html;
	const rows = lines.map(({ number, amount, conversion, color }, index) => {
		const converted = conversion === null ? "" : `↓ ${format_number(conversion, null, 1)}%`;
		return `
			<tr>
				<td class="pr-3">${escape(data.labels[index])}</td>
				<td class="w-50">
					<div style="margin: 3px ${centred ? "auto" : "0"}; height: 20px; min-width: 2px;
						border-radius: 3px; width: ${(100 * number) / highest}%;
						background: ${escape(color || colors[0])}"></div>
				</td>
				<td class="text-right pl-3"><b>${format_number(number, null, 0)}</b></td>
				<td class="text-right text-nowrap pl-3">${cronus_crm.amounts.format(amount, currency)}</td>
			</tr>
			<tr class="text-muted small"><td></td><td class="text-center">${converted}</td></tr>`;
	});
	return `<table class="cronus-bars w-100 mx-3" style="max-width: calc(100% - 2rem)">${rows.join("")}</table>`;
}
