const escape_html = frappe.utils.escape_html;

// The fields that are filled from the customer, and the suffixes of images: from cronus_prospect.py.
const { from_customer: FROM_CUSTOMER, picture_types: PICTURE_TYPES } = frappe.boot.cronus.prospect;

frappe.ui.form.on("Cronus Prospect", {
	setup(frm) {
		frm.set_query("customer", () => ({ filters: { disabled: 0 } }));
		frm.set_query("seller", () => ({ filters: { enabled: 1 } }));
		frm.set_query("medium", () => ({ filters: { disabled: 0 } }));
		frm.set_query("campaign", () => ({ filters: { disabled: 0 } }));
	},

	refresh(frm) {
		cronus_crm.duplicates.remember(frm);
		if (frm.is_new()) return cronus_crm.contact_strip.hide(frm);
		cronus_crm.contact_strip.show_prospect(frm);
		show_phone_actions(frm);
		show_state(frm);
		add_buttons(frm);
		show_follow_ups(frm);
		show_images(frm);
	},

	async validate(frm) {
		await cronus_crm.duplicates.warn(frm, (duplicate) => list_duplicate_actions(frm, duplicate));
	},

	async customer(frm) {
		if (!frm.doc.customer) return;
		const { message: customer } = await frappe.db.get_value("Cronus Customer", frm.doc.customer, [
			...new Set(Object.values(FROM_CUSTOMER)),
		]);
		for (const [fieldname, source] of Object.entries(FROM_CUSTOMER)) {
			if (!frm.doc[fieldname] && customer[source]) await frm.set_value(fieldname, customer[source]);
		}
	},
});

function show_state(frm) {
	const colours = {
		Open: "blue",
		Quoted: "orange",
		Ordered: "green",
		Converted: "purple",
		Cancelled: "gray",
	};
	frm.page.set_indicator(__(frm.doc.state, null, frm.doctype), colours[frm.doc.state]);
	frm.get_field("light").$wrapper.find(".like-disabled-input").html(
		`${cronus_crm.opportunities.light_html(frm.doc)} ${escape_html(__(frm.doc.light))}`
	);
}

function add_buttons(frm) {
	const { name, state } = frm.doc;
	const after = () => frm.reload_doc();
	const add_action = (label, action) => frm.add_custom_button(label, action, __("Actions"));
	const may_write = Boolean(frm.perm[0]?.write);
	if (may_write) {
		frm.add_custom_button(__("Add follow-up"), () =>
			cronus_crm.prospects.add_follow_up(frm.doc, { after })
		).addClass("btn-primary");
	}
	if (state !== "Cancelled" && frappe.model.can_create("Proforma")) {
		add_action(__("Add quotation"), () => cronus_crm.prospects.add_quotation(name));
	}
	if (may_write && state === "Converted") {
		add_action(__("Undo conversion"), () => cronus_crm.prospects.undo_conversion(name, { after }));
	} else if (may_write) {
		add_action(__("Convert to customer"), () => cronus_crm.prospects.convert(name, { after }));
		add_action(__("Merge with another"), () =>
			cronus_crm.prospects.merge(name, {
				after: (into) => frappe.set_route("Form", "Cronus Prospect", into),
			})
		);
	}
	if (may_write && state === "Cancelled") {
		add_action(__("Reopen"), () => cronus_crm.prospects.reopen(name, { after }));
	}
	add_action(__("PDF of the follow-up"), () => cronus_crm.prospects.print_follow_up(name));
}

function show_phone_actions(frm) {
	const { name, state } = frm.doc;
	const actions = [];
	if (frm.perm[0]?.write) {
		const after = () => frm.reload_doc();
		actions.push([__("Add follow-up"), () => cronus_crm.prospects.add_follow_up(frm.doc, { after })]);
	}
	if (state !== "Cancelled" && frappe.model.can_create("Proforma")) {
		actions.push([__("Add quotation"), () => cronus_crm.prospects.add_quotation(name)]);
	}
	cronus_crm.contact_strip.show_actions(frm, actions);
}

// Actions for a duplicate in the warning: continue with the customer, or merge into the prospect.
function list_duplicate_actions(frm, duplicate) {
	if (duplicate.doctype === "Cronus Customer") {
		if (frm.doc.state === "Converted") return [];
		return [{ label: __("Continue with that customer"), action: () => frm.set_value("customer", duplicate.name) }];
	}
	return [
		{
			label: __("Merge"),
			action: async () => {
				// Saved first, so that the merge includes what was entered.
				cronus_crm.duplicates.accept(frm);
				await frm.save();
				const merge = "cronus_crm.api.prospects.merge";
				const into = await frappe.xcall(merge, { prospect: frm.doc.name, into: duplicate.name });
				frappe.set_route("Form", "Cronus Prospect", into);
			},
		},
	];
}

function show_follow_ups(frm) {
	// The last ones first and few, as the prospect's other data follow below them.
	const load_page = (start) =>
		frappe.xcall("cronus_crm.api.prospects.list_follow_ups", { prospect: frm.doc.name, start, limit: start ? 20 : 3 });
	let shown = 0;
	new cronus_crm.PagedList({
		parent: frm.get_field("follow_ups_html").$wrapper[0],
		load: async ({ before }) => {
			const start = before || 0;
			const { rows, more } = await load_page(start);
			shown = start + rows.length;
			return { rows, next: more ? shown : null };
		},
		head: `<div class="list-group list-group-flush" data-rows></div>`,
		row: follow_up_row_html,
		empty: () => __("No follow-ups yet. Add the first with the button above."),
	});
}

function follow_up_row_html(row) {
	const colours = { Done: "green", Cancelled: "gray", Pending: "blue" };
	const overdue = row.state === "Pending" && row.starts_on < frappe.datetime.system_datetime();
	const state = overdue ? [__("Overdue", null, "Cronus Activity"), "red"] : [__(row.state, null, "Cronus Activity"), colours[row.state]];
	const who = frappe.user.full_name(row.owner);
	return `<div class="list-group-item px-0">
		<div class="d-flex flex-wrap justify-content-between">
			<div>
				<a class="bold" href="${frappe.utils.get_form_link("Cronus Activity", row.name)}">
					${escape_html(row.subject)}</a>
				<span class="text-muted">${escape_html(__(row.activity_type))}</span>
			</div>
			<div>
				${row.result ? `<span class="bold mr-2">${escape_html(__(row.result))}</span>` : ""}
				<span class="indicator-pill no-indicator-dot ${state[1]}">${state[0]}</span>
			</div>
		</div>
		<div class="text-muted small">
			${frappe.datetime.str_to_user(row.starts_on)} · ${escape_html(row.seller || who)}
		</div>
		${row.notes ? `<div class="mt-1" style="white-space: pre-line">${escape_html(extract_text(row.notes))}</div>` : ""}
	</div>`;
}

// The text of HTML. DOMParser neither loads nor runs anything of it.
function extract_text(html) {
	const lines = html.replace(/<br[^>]*>|<\/(p|div|li|h[1-6])>/gi, "\n$&");
	return new DOMParser().parseFromString(lines, "text/html").body.textContent.trim();
}

function show_images(frm) {
	const parent = frm.get_field("images_html").$wrapper[0];
	const images = frm.attachments
		.get_attachments()
		.filter(({ file_url }) => PICTURE_TYPES.some((ending) => (file_url || "").toLowerCase().endsWith(ending)));
	const pictures = images.map(({ name, file_url, file_name }) => {
		const url = escape_html(encodeURI(file_url));
		return `<a class="mr-2 mb-2" href="${url}" target="_blank" rel="noopener">
			<img src="${url}?fid=${escape_html(name)}" alt="${escape_html(file_name)}" loading="lazy"
				style="height: 120px; max-width: 100%; object-fit: cover; border-radius: var(--border-radius)">
		</a>`;
	});
	const none = `<p class="text-muted w-100">${__("No images yet.")}</p>`;
	const may_write = Boolean(frm.perm[0]?.write);
	parent.innerHTML = `<div class="d-flex flex-wrap">${pictures.join("") || none}</div>
		<button type="button" class="btn btn-default btn-sm ${may_write ? "" : "hidden"}">
			${__("Add images")}
		</button>`;
	parent.querySelector("button").addEventListener("click", () => add_images(frm));
}

function add_images(frm) {
	new frappe.ui.FileUploader({
		dialog_title: __("Add images"),
		doctype: frm.doctype,
		docname: frm.docname,
		frm,
		folder: "Home/Attachments",
		allow_multiple: true,
		make_attachments_public: false,
		restrictions: { allowed_file_types: PICTURE_TYPES },
		on_success: (file) => {
			frm.attachments.attachment_uploaded(file);
			show_images(frm);
		},
	});
}
