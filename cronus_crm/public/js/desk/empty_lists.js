// What an empty list of ours says: what comes next, and a button that does it. The framework's sentence is the same for
// all of them (“You haven't created a … yet”).
const importing = (target) => ({
	label: () => __("Import a file"),
	allowed: () => frappe.model.can_create("Cronus Customer Import"),
	run: () => frappe.new_doc("Cronus Customer Import", { target }),
});
const open_list = (doctype, label) => ({
	label,
	allowed: () => frappe.model.can_read(doctype),
	run: () => frappe.set_route("List", doctype),
});
const open_guide = {
	label: () => __("Open the guide"),
	allowed: () => Boolean(frappe.boot.page_info?.["cronus-getting-started"]),
	run: () => frappe.set_route("cronus-getting-started"),
};

const EMPTY = {
	"Cronus Prospect": [() => __("Nobody has asked yet. Write down who calls or writes: name, telephone, and what they want.")],
	"Cronus Customer": [
		() => __("There are no customers yet. Enter the first one, or bring them all from a file."),
		importing("Customers"),
	],
	"Cronus Customer Branch": [() => __("No customer has branches yet. Enter one where a customer buys or receives in several places.")],
	"Cronus Opportunity": [() => __("There is no sale under way. Open an opportunity for what a customer may buy, and move it along.")],
	"Cronus Activity": [() => __("Nothing is planned. Plan the next call, visit or meeting.")],
	Proforma: [() => __("There are no proformas yet. Make the first offer: choose the customer and the products.")],
	"Cronus Order": [
		() => __("There are no orders. They are made from an issued proforma, in one click."),
		open_list("Proforma", () => __("Open the proformas")),
	],
	"Cronus Delivery Note": [
		() => __("Nothing has been delivered. A delivery note is made from an order, in one click."),
		open_list("Cronus Order", () => __("Open the orders")),
	],
	"Cronus Sales Note": [
		() => __("There are no sales notes. They are made from a proforma or an order, where a control comes before the invoice."),
		open_list("Cronus Order", () => __("Open the orders")),
	],
	Invoice: [
		() => __("Nothing has been invoiced. An invoice is made from a proforma, an order or a delivery note, in one click."),
		open_list("Proforma", () => __("Open the proformas")),
	],
	"Cronus Payment": [
		() => __("No payment has been entered. Open an invoice with a balance, or enter what a customer has paid."),
		open_list("Invoice", () => __("Open the invoices")),
	],
	"Cronus Product": [
		() => __("There are no products yet. Enter what you sell, goods and services, or bring them all from a file."),
		importing("Products"),
	],
	"Cronus Price List": [() => __("All customers have the price of the product. Make a list where some have other prices.")],
	"Cronus Product Price": [
		() => __("No product has a price of its own in a list. Enter one, or bring them from a file."),
		importing("Prices"),
	],
	"Cronus Tax": [() => __("There are no taxes. Enter the rates that you sell with."), open_guide],
	"Cronus Payment Terms": [() => __("There are no terms of payment. Enter when customers pay: at once, in 30 days, in instalments.")],
	"Cronus Exchange Rate": [() => __("You sell in one currency. Enter a rate when you sell in another one.")],
	"Cronus Seller": [() => __("Nobody sells yet. Enter your sellers with their users, all in one table."), open_guide],
	"Cronus Sales Target": [() => __("Nobody has a target yet. Enter one for each seller: what they are to sell in each month.")],
	"Cronus Work Center": [() => __("There are no work centres. Enter your branches, where you have several.")],
	"Cronus Activity Type": [() => __("There are no types of activities. Enter what your sellers do: call, visit, meeting.")],
	"Cronus Business Line": [() => __("There are no business lines. Enter what your customers do: hardware shops, restaurants.")],
	"Cronus Campaign": [() => __("There are no campaigns. Enter one to know which of them brings prospects.")],
	"Cronus Classification Criterion": [() => __("Customers are not classified yet. Enter a criterion: size, zone, kind of customer.")],
	"Cronus Contact Medium": [() => __("There are no media. Enter where prospects come from: telephone, Facebook, a fair.")],
	"Cronus Loss Reason": [() => __("There are no reasons. Enter why sales are lost: price, delay, no stock.")],
	"Cronus Case": [() => __("Nobody is waiting for an answer. Enter what somebody asks: a question, a complaint, a fault.")],
	"Cronus Case Mail": [() => __("No message has come in yet. Say in an Email Account that its messages open cases.")],
	"Cronus Service Promise": [() => __("Nothing is promised yet. Enter how soon cases are answered and solved.")],
	"Cronus Case State": [() => __("There are no states. Enter how a case may stand: new, waiting for the customer, solved.")],
	"Cronus Case Type": [() => __("There are no types of cases. Enter what people ask: question, complaint, fault.")],
	"Cronus Service Team": [() => __("There are no teams. Enter who answers cases, when not everybody answers all.")],
	"Cronus Saved Reply": [() => __("There are no saved replies. Write what you answer again and again, with fields of the case.")],
	"Cronus Solution": [() => __("There are no solutions. Write down what is asked again and again, and its answer.")],
	"Cronus Solution Category": [() => __("There are no categories. Enter what solutions are about: printers, warranties.")],
	"Cronus Stage": [() => __("There are no stages. Enter the steps of a sale, from first contact to closing.")],
	"Cronus Customer Import": [() => __("Nothing has been imported. Choose a file of customers, products, prices, prospects or opportunities.")],
	"Cronus Source": [() => __("No ERP tells its records yet. Make a source, and give its program a user.")],
	"Cronus Exchange Run": [() => __("No source has sent anything yet.")],
	"Cronus External Document": [() => __("No ERP has told documents yet. They come by a source, and nobody enters them here.")],
	"Cronus Import Mapping": [() => __("No choices are kept. In an import, keep its choices under a name to use them again.")],
	"Cronus Customer Merge": [() => __("No customers were merged. Of two that are the same, open one and choose Merge.")],
	"Cronus Import Row": [() => __("This import has no rows with this outcome.")],
	"Cronus Not Double": [() => __("No pair was marked as different. In the report of likely doubles you say which are not the same.")],
	"Cronus Document Bundle": [() => __("No files were prepared. In a customer, choose the documents that you want as one file.")],
};

const escape = frappe.utils.escape_html;
const { get_no_result_message, setup_new_doc_event } = frappe.views.ListView.prototype;

frappe.views.ListView.prototype.get_no_result_message = function () {
	const [text, action] = EMPTY[this.doctype] || [];
	if (!text) return get_no_result_message.call(this);
	if (this.filter_area?.get()?.length) {
		return box_html(__("Nothing is found with these filters."), [
			`<button class="btn btn-default btn-sm" data-empty="clear">${escape(__("Clear the filters"))}</button>`,
		]);
	}
	const buttons = [];
	if (this.can_create && !this.settings.hide_new) {
		const label = __("Create the first one");
		buttons.push(`<button class="btn btn-primary btn-sm btn-new-doc">${escape(label)}</button>`);
	}
	if (action?.allowed()) {
		buttons.push(`<button class="btn btn-default btn-sm" data-empty="action">${escape(action.label())}</button>`);
	}
	return box_html(text(), buttons);
};

frappe.views.ListView.prototype.setup_new_doc_event = function () {
	setup_new_doc_event.call(this);
	const [, action] = EMPTY[this.doctype] || [];
	this.$no_result.find("[data-empty=action]").on("click", () => action.run());
	this.$no_result.find("[data-empty=clear]").on("click", () => this.filter_area.clear());
};

function box_html(text, buttons) {
	return `<div class="msg-box no-border"><p>${escape(text)}</p><p>${buttons.join(" ")}</p></div>`;
}
