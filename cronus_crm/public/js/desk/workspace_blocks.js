// Content of the blocks of ours on a workspace: Custom HTML Blocks of the framework, which it puts into a shadow tree.

// Reads by GET: `frappe.xcall` of 15 knows no other way than POST.
export async function read(method, args) {
	const { message } = await frappe.call({ method, args, type: "GET" });
	return message;
}

// Fills a block. In a shadow tree the framework's router does not see the clicks on links.
export function fill(root, html) {
	const body = root.querySelector(".cronus-block") || root;
	body.innerHTML = html;
	body.addEventListener("click", (event) => {
		const link = event.target.closest("a[href]");
		if (!link || event.ctrlKey || event.metaKey) return;
		event.preventDefault();
		history.pushState(null, null, link.href);
		frappe.router.route();
	});
}

// Takes a block away that has nothing to show to this user.
export function remove_block(root) {
	(root.host.closest(".ce-block") || root.host).remove();
}
