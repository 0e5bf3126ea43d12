// What headless Chromium makes of reports: browse.mjs PAGE.html… [--shots FOLDER]. Prints JSON, one object a page:
// accessibility violations and widths in both schemes at both widths, and whatever the page asked for or ran.
import {readFileSync} from 'node:fs';
import {basename} from 'node:path';
import {createRequire} from 'node:module';
import {pathToFileURL} from 'node:url';
import {chromium} from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const args = process.argv.slice(2);
const at = args.indexOf('--shots');
const shots = at < 0 ? null : args.splice(at, 2)[1];

async function look(browser, path, scheme, width, found) {
	const context = await browser.newContext({
		colorScheme: scheme, viewport: {width, height: 900}, bypassCSP: true, javaScriptEnabled: true,
	});
	const page = await context.newPage();
	const url = pathToFileURL(path).href;
	page.on('request', (r) => r.url() !== url && found.requests.push(r.url()));
	page.on('dialog', (d) => { found.dialogs.push(d.message()); d.dismiss(); });
	page.on('console', (m) => found.console.push(m.text()));
	page.on('pageerror', (e) => found.console.push(String(e)));
	await page.goto(url);
	// The page runs nothing of its own, so whatever stands here was made by what a target sent.
	found.scripts += await page.evaluate(() =>
		document.querySelectorAll('script, iframe, object, embed, link, img, form, base, [style]').length
		+ [...document.querySelectorAll('*')].flatMap((e) => [...e.attributes])
			.filter((a) => /^on/i.test(a.name) || /^\s*javascript:/i.test(a.value)).length);
	if (shots) {
		await page.setViewportSize({width, height: 2600});
		await page.screenshot({path: `${shots}/${basename(path, '.html')}-${scheme}-${width}.png`});
	}
	for (const opened of [false, true]) {
		if (opened)
			await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
		const over = await page.evaluate(() =>
			document.documentElement.scrollWidth - document.documentElement.clientWidth);
		if (over > 0)
			found.overflow.push({scheme, width, opened, over});
		// What stands outside of the window is read by nobody.
		const lost = await page.evaluate(() => [...document.querySelectorAll('header *, main *')]
			.filter((e) => e.getBoundingClientRect().right < 0).length);
		if (lost > 0)
			found.overflow.push({scheme, width, opened, lost});
		// Everything there is, once a scheme: the small window is looked at for its width, and closed.
		if (opened !== (width > 1000))
			continue;
		await page.evaluate(axe);
		const result = await page.evaluate(() => globalThis.axe.run(document, {resultTypes: ['violations']}));
		for (const v of result.violations)
			found.violations.push({scheme, width, id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map((n) => n.html)});
		found.rules += result.passes.length;
	}
	found.title = await page.title();
	found.h1 = await page.textContent('h1');
	found.text = await page.evaluate(() => document.body.textContent);
	if (shots && width > 1000 && scheme === 'light')
		await page.pdf({path: `${shots}/${basename(path, '.html')}.pdf`, format: 'A4'});
	await context.close();
}

const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
	args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update',
		'--disable-default-apps', '--disable-sync', '--no-first-run', '--disable-dev-shm-usage'],
});
const pages = [];
for (const path of args) {
	const found = {violations: [], overflow: [], requests: [], dialogs: [], console: [], scripts: 0, rules: 0};
	for (const scheme of ['light', 'dark'])
		for (const width of [1280, 390])
			await look(browser, path, scheme, width, found);
	pages.push(found);
}
await browser.close();
console.log(JSON.stringify(pages));
