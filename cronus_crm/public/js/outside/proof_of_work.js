// Solves a challenge of the server in a Web Worker: see cronus_service/portal/proof_of_work.py.
//
// SHA-256 is written out, because the browser's own is for pages by https alone, and waits for each hash.

// Gives the number, as text. To be called with { challenge, bits }.
export function solve({ challenge, bits }) {
	const address = URL.createObjectURL(new Blob([`(${work.toString()})()`], { type: "text/javascript" }));
	const worker = new Worker(address);
	return new Promise((resolve, reject) => {
		worker.onmessage = ({ data }) => resolve(data);
		worker.onerror = reject;
		worker.postMessage({ challenge, bits });
	}).finally(() => {
		worker.terminate();
		URL.revokeObjectURL(address);
	});
}

// Runs in the worker, so it uses nothing from outside of it.
function work() {
	const primes = [];
	for (let number = 2; primes.length < 64; number++) if (primes.every((prime) => number % prime)) primes.push(number);
	const fraction = (root) => ((root - Math.floor(root)) * 2 ** 32) | 0;
	const constants = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));
	const beginning = Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
	const schedule = new Int32Array(64);

	const turn = (word, by) => (word >>> by) | (word << (32 - by));

	// Adds 64 bytes of a view, from a place on, to a state of eight words.
	function add_block(state, view, place) {
		for (let i = 0; i < 16; i++) schedule[i] = view.getInt32(place + 4 * i);
		for (let i = 16; i < 64; i++) {
			const [near, far] = [schedule[i - 2], schedule[i - 15]];
			const mixed = turn(near, 17) ^ turn(near, 19) ^ (near >>> 10);
			schedule[i] = schedule[i - 16] + (turn(far, 7) ^ turn(far, 18) ^ (far >>> 3)) + schedule[i - 7] + mixed;
		}
		let [a, b, c, d, e, f, g, h] = state;
		for (let i = 0; i < 64; i++) {
			const chosen = (e & f) ^ (~e & g);
			const first = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + chosen + constants[i] + schedule[i]) | 0;
			const second = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
			[h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
		}
		[a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] = (state[i] + word) | 0));
	}

	// The state after the blocks that are the same for every number, and the bytes that are left.
	function begin(bytes) {
		const state = beginning.slice();
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		const whole = bytes.length - (bytes.length % 64);
		for (let place = 0; place < whole; place += 64) add_block(state, view, place);
		return { state, rest: bytes.slice(whole), length: bytes.length };
	}

	// The first word of the hash of what was begun and the digits of a number.
	function hash_with({ state, rest, length }, digits) {
		const own = state.slice();
		const used = rest.length + digits.length;
		const bytes = new Uint8Array(used + 9 > 64 ? 128 : 64);
		bytes.set(rest);
		for (let i = 0; i < digits.length; i++) bytes[rest.length + i] = digits.charCodeAt(i);
		bytes[used] = 0x80;
		const view = new DataView(bytes.buffer);
		view.setUint32(bytes.length - 4, (length + digits.length) * 8);
		for (let place = 0; place < bytes.length; place += 64) add_block(own, view, place);
		return own[0];
	}

	self.onmessage = ({ data: { challenge, bits } }) => {
		const begun = begin(new TextEncoder().encode(`${challenge}:`));
		let number = 0;
		while (hash_with(begun, String(number)) >>> (32 - bits)) number++;
		self.postMessage(String(number));
	};
}
