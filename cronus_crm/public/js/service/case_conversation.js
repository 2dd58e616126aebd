// The conversation in the form of a case. What the customer reads and what stays inside differ in word and colour: the
// framework's timeline shows both alike. And the box for comments, in which only notes are written, says so.
frappe.provide("cronus_crm.cases");

const escape = frappe.utils.escape_html;

const WORDS = {
	answer: () => __("Answer to them"),
	message: () => __("From them"),
	automatic: () => __("Automatic message"),
	acknowledgement: () => __("Acknowledgement"),
	note: () => __("Internal note"),
};

Object.assign(cronus_crm.cases, {
	async show_conversation(frm) {
		const wrapper = frm.footer?.wrapper?.[0];
		if (frm.is_new() || !wrapper) return;
		wrapper.classList.add("cronus-case-footer");
		mark_comment_box(wrapper);
		const { name } = frm.doc;
		const said = await frappe.xcall("cronus_crm.api.cases.list_conversation", { case: name });
		if (frm.doc.name !== name) return;
		frm.said = Object.fromEntries(said.map((each) => [each.name, each]));
		mark_items(frm, wrapper);
		watch(frm, wrapper);
	},

	// The messages of a case as choices, the newest first: [{ label, value }].
	async list_messages(name) {
		const said = await frappe.xcall("cronus_crm.api.cases.list_conversation", { case: name });
		return said
			.filter(({ kind }) => kind === "answer" || kind === "message")
			.reverse()
			.map(({ name: value, kind, on, content }) => {
				const text = strip_html(content).trim().slice(0, 60);
				return { value, label: `${WORDS[kind]()} · ${frappe.datetime.str_to_user(on.slice(0, 16), false, true)} · ${text}` };
			});
	},
});

function mark_comment_box(wrapper) {
	const box = wrapper.querySelector(".comment-box");
	if (!box || box.querySelector(".cronus-note-heading")) return;
	const heading = document.createElement("div");
	heading.className = "cronus-note-heading";
	heading.textContent = __("Internal note: only your company reads it");
	box.prepend(heading);
	// The framework's words there are “a reply or comment”.
	box.querySelector(".ql-editor")?.setAttribute("data-placeholder", __("Internal note"));
}

// New notes, and the list that is drawn anew when all activity is shown, come later.
function watch(frm, wrapper) {
	frm.said_observer?.disconnect();
	frm.said_observer = new MutationObserver(() => mark_items(frm, wrapper));
	frm.said_observer.observe(wrapper, { childList: true, subtree: true });
}

function mark_items(frm, wrapper) {
	for (const item of wrapper.querySelectorAll(".timeline-item[data-doctype]")) {
		const said = frm.said?.[item.dataset.name];
		const kind = item.dataset.doctype === "Comment" ? "note" : said?.kind;
		const box = item.querySelector(".timeline-message-box");
		if (!kind || !box || box.querySelector(":scope > .cronus-said")) continue;
		item.classList.add(`cronus-said-${kind}`);
		const word = document.createElement("div");
		word.className = "cronus-said";
		word.innerHTML = escape(WORDS[kind]());
		box.prepend(word);
		if (kind === "automatic") name_sender(box, said);
		if (said?.quoted) fold_quoted(box.querySelector(":scope > .content"), said);
	}
}

// The framework says of whatever is automatic that we have sent it.
function name_sender(box, { by }) {
	const heading = box.querySelector(".text-color > span");
	const when = heading?.querySelector("div");
	if (when) heading.replaceChildren(by || __("Unknown sender"), when);
}

// What is new stands open; what the message has quoted of those before, behind a fold. Both are the server's, made safe.
function fold_quoted(shown, { content, quoted }) {
	if (!shown) return;
	shown.innerHTML = content;
	const fold = document.createElement("details");
	fold.className = "cronus-quoted";
	const heading = document.createElement("summary");
	heading.textContent = __("Quoted text");
	const former = document.createElement("div");
	former.innerHTML = quoted;
	fold.append(heading, former);
	shown.append(fold);
}
