// Requests of the cards and charts of a page, sent to the server as one: they share the figures that they are made of.
const BATCH_DELAY = 100; // ms

// kind: "cards" or "charts". request: arguments of one card or chart. Returns a promise of its answer.
export const request_batched = (() => {
	let batch = null;
	return (kind, request) => {
		if (!batch) {
			const requests = { cards: [], charts: [] };
			const answers = new Promise((resolve) => setTimeout(resolve, BATCH_DELAY)).then(() => {
				batch = null;
				return frappe.xcall("cronus_crm.api.dashboard.read_cards_and_charts", requests);
			});
			batch = { requests, answers };
		}
		const position = batch.requests[kind].push(request) - 1;
		return batch.answers.then((answers) => answers[kind][position]);
	};
})();
