// Bars one below the other, with their figures in words: of a funnel in the middle, with what went on to the next.
export function bars({ data, colors, lines, centred, currency }) {
	const most = Math.max(...lines.map(({ number }) => number), 1);
	const escape = frappe.utils.escape_html;
	const rows = lines.map(({ number, amount, conversion, color }, index) => {
		const went_on = conversion === null ? "" : `↓ ${format_number(conversion, null, 1)}%`;
		return `
			<tr>
				<td class="pr-3">${escape(data.labels[index])}</td>
				<td class="w-50">
					<div style="margin: 3px ${centred ? "auto" : "0"}; height: 20px; min-width: 2px;
						border-radius: 3px; width: ${(100 * number) / most}%;
						background: ${escape(color || colors[0])}"></div>
				</td>
				<td class="text-right pl-3"><b>${format_number(number, null, 0)}</b></td>
				<td class="text-right text-nowrap pl-3">${format_currency(amount, currency)}</td>
			</tr>
			<tr class="text-muted small"><td></td><td class="text-center">${went_on}</td></tr>`;
	});
	return `<table class="cronus-bars w-100 mx-3" style="max-width: calc(100% - 2rem)">${rows.join("")}</table>`;
}
