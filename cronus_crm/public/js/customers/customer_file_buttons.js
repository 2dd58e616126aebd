// Buttons above the list of a customer's documents: the marked documents, or all that match the filters, as one PDF or
// as a zip; and the statement of account.
import { show_statement_dialog, can_see_statement } from "../money/statement_dialog";

const SERVER = "cronus_crm.api.files";

export class CustomerFiles {
	// customer: its name. parent: element for the buttons. list: element with the boxes of `mark_box_html`.
	// filters(): kind, state, since and until of the list.
	constructor({ customer, parent, list, filters }) {
		Object.assign(this, { customer, parent, list, filters });
		parent.innerHTML = `
			<span data-shapes>
				<button type="button" class="btn btn-default btn-sm mr-2" data-shape="pdf"></button>
				<button type="button" class="btn btn-default btn-sm mr-2" data-shape="zip"></button>
			</span>
			<button type="button" class="btn btn-default btn-sm" data-statement></button>`;
		const statement = parent.querySelector("[data-statement]");
		statement.textContent = __("Statement of account");
		statement.classList.toggle("hidden", !can_see_statement());
		statement.addEventListener("click", () => show_statement_dialog(customer));
		for (const button of this.list_buttons()) {
			button.addEventListener("click", () => this.download(button.dataset.shape));
		}
		list.addEventListener("change", () => this.refresh());
		this.toggle(false);
	}

	list_buttons() {
		return this.parent.querySelectorAll("[data-shape]");
	}

	// Shows the buttons while the list has documents that can be printed.
	toggle(has_printable) {
		this.parent.querySelector("[data-shapes]").classList.toggle("hidden", !has_printable);
		// After the new rows have replaced the marked ones.
		setTimeout(() => this.refresh());
	}

	refresh() {
		const count = this.list_marked().length;
		const [pdf, zip] = this.list_buttons();
		pdf.textContent = count ? __("{0} in one PDF", [count]) : __("All in one PDF");
		zip.textContent = count ? __("{0} as a zip", [count]) : __("All as a zip");
	}

	list_marked() {
		const boxes = this.list.querySelectorAll("[data-document]:checked");
		return [...boxes].map(({ dataset }) => [dataset.doctype, dataset.document]);
	}

	async download(shape) {
		const { customer } = this;
		const marked = this.list_marked();
		this.enable(false);
		try {
			const { documents, queued, done } = await frappe.xcall(`${SERVER}.start_customer_file`, {
				customer,
				shape,
				...(marked.length ? { documents: marked } : this.filters()),
			});
			if (queued) {
				frappe.msgprint({
					title: __("Preparing documents"),
					message: done
						? __("{0} of {1} documents are prepared. A notice will bring the file.", [done, queued])
						: __("{0} documents are being prepared. A notice will bring the file.", [queued]),
				});
			} else {
				await download_with_progress({ customer, shape, documents });
			}
		} finally {
			this.enable(true);
		}
	}

	enable(on) {
		for (const button of this.list_buttons()) button.disabled = !on;
	}
}

// Saves the file. The server tells how many of the documents are in it while it makes it, under the same title.
async function download_with_progress({ customer, shape, documents }) {
	const title = __("Preparing documents");
	frappe.show_progress(title, 0, documents.length, __("{0} of {1}", [0, documents.length]));
	try {
		const answer = await fetch(`/api/method/${SERVER}.download_customer_file`, {
			method: "POST",
			headers: {
				"Content-Type": "application/json",
				Accept: "application/json",
				"X-Frappe-CSRF-Token": frappe.csrf_token,
			},
			body: JSON.stringify({ customer, shape, documents }),
		});
		if (!answer.ok) return frappe.request.cleanup({}, await answer.json());
		const [, name] = /filename="?([^";]+)/.exec(answer.headers.get("Content-Disposition")) || [];
		save_file(await answer.blob(), decodeURIComponent(name || `documents.${shape}`));
	} finally {
		frappe.hide_progress();
	}
}

function save_file(blob, name) {
	const link = document.createElement("a");
	link.href = URL.createObjectURL(blob);
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// The print settings decide about drafts and cancelled documents.
export function can_print({ doctype, state }) {
	const settings = frappe.model.get_doc(":Print Settings", "Print Settings") || {};
	const setting = { Draft: "allow_print_for_draft", Cancelled: "allow_print_for_cancelled" }[state];
	return frappe.model.can_print(doctype) && (!setting || cint(settings[setting]) === 1);
}

export function mark_box_html({ doctype, name }) {
	const { escape_html } = frappe.utils;
	const label = __("Choose {0}", [name]);
	return `<input type="checkbox" data-doctype="${escape_html(doctype)}" data-document="${escape_html(name)}"
		aria-label="${escape_html(label)}">`;
}
