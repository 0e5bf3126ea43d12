// A person with a browser: node person.mjs BRANDCERT TARGET ONLY USER PASSWORD MOVE… runs `brandcert run` in the current
// folder, opens each address that it shows and does what the moves say, one at each time that brandcert asks:
//
//	login        logs in and allows; pastes the address on which the browser ended
//	code         the same, and pastes only the code
//	listen       the same, and lands on brandcert itself: nothing is pasted
//	deny         says no; pastes the address with the error
//	other-state  somebody else's answer is pasted
//	other-visit  somebody else's browser lands on brandcert, then the person's own
//	half         the address without https:// is pasted
//	words        pastes something else
//	leave        ends the input
//
// Prints JSON: {status, out, err, asked: [addresses], landed: [addresses, texts of pages]}.
import {spawn} from 'node:child_process';
import {chromium} from 'playwright-core';

const [brandcert, target, only, user, password, ...moves] = process.argv.slice(2);
const asked = [];
const landed = [];
let browser;

async function open(address) {
	const brand = new URL(address).host;
	// The window's host exists nowhere: its address is all that is wanted of it.
	browser ??= await chromium.launch({
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update',
			'--disable-default-apps', '--disable-sync', '--no-first-run', '--disable-dev-shm-usage',
			`--host-resolver-rules=MAP window.brand.example ${brand}`],
	});
	const context = await browser.newContext({ignoreHTTPSErrors: true});
	const page = await context.newPage();
	page.setDefaultTimeout(60000);
	await page.goto(address);
	return page;
}

async function answer(address, button) {
	const page = await open(address);
	const end = new URL(address).searchParams.get('redirect_uri');
	await page.fill('#login [name=username]', user);
	await page.fill('#login [name=password]', password);
	await page.click('#login button[value=login]');
	await page.click(`#consent button[value=${button}]`);
	// Without what a script makes of the fragment there: that is another page of the same address.
	await page.waitForURL((u) => u.href.startsWith(end) && (!end.startsWith('http:') || u.search !== ''));
	await page.waitForLoadState();
	landed.push(page.url(), (await page.textContent('body')).trim());
	await page.context().close();
	return landed.at(-2);
}

async function other(address) {
	const url = new URL(new URL(address).searchParams.get('redirect_uri'));
	url.search = 'code=of-somebody-else&state=of-another-login';
	return url.href;
}

const acts = {
	login: (address) => answer(address, 'allow'),
	code: async (address) => new URL(await answer(address, 'allow')).searchParams.get('code'),
	listen: async (address) => { await answer(address, 'allow'); return null; },
	deny: (address) => answer(address, 'deny'),
	'other-state': other,
	'other-visit': async (address) => {
		const reply = await fetch(await other(address));
		landed.push(String(reply.status), await reply.text());
		return acts.listen(address);
	},
	half: async (address) => (await other(address)).slice('https://'.length),
	words: async () => 'it says that I am logged in',
	leave: async () => undefined,
};

const child = spawn(brandcert, ['run', '--target', target, '--only', only, '--report', 'json:results.json',
	'--record', 'evidence.jsonl'], {stdio: ['pipe', 'pipe', 'pipe']});
let out = '';
let err = '';
let seen = 0;
let turn = Promise.resolve();
child.stdin.on('error', () => {}); // it may have ended
child.stdout.setEncoding('utf8').on('data', (text) => { out += text; });
child.stderr.setEncoding('utf8').on('data', (text) => {
	err += text;
	turn = turn.then(act);
});

// Each question ends with its address, or asks for the last one again.
async function act() {
	const question = /log in[^\n]*:\n\n {2}(\S+)\n\n|Paste the address again:\n/g;
	question.lastIndex = seen;
	for (let found; (found = question.exec(err));) {
		seen = question.lastIndex;
		if (found[1])
			asked.push(found[1]);
		const said = await acts[moves.shift() ?? 'leave'](asked.at(-1));
		if (said === undefined)
			child.stdin.end();
		else if (said !== null)
			child.stdin.write(`${said}\n`);
	}
}

const status = await new Promise((done, failed) => child.on('error', failed).on('close', done));
await turn;
await browser?.close();
console.log(JSON.stringify({status, out, err, asked, landed}));
