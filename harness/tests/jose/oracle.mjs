// npm's jose as the second opinion on tokens and keys.
//   node oracle.mjs make      writes JSON lines {alg, token, jwk, pem}: one for each algorithm
//   node oracle.mjs verify    reads JSON lines {alg, token, jwk, line}; answers each with {ok, payload} or {error}
//   node oracle.mjs encrypt   reads JSON lines {alg, enc, pem}; answers each with {token}
//   node oracle.mjs decrypt   reads JSON lines {token, key}; answers each with {ok, payload} or {error}
import {createInterface} from 'node:readline';
import {
	compactDecrypt, CompactEncrypt, compactVerify, exportJWK, exportSPKI, generateKeyPair, importJWK, importPKCS8,
	importSPKI, SignJWT,
} from 'jose';

const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'];
const secret = new TextEncoder().encode('a client secret that is long enough for HMAC with SHA-512: 64 bytes at least');

function print(value) {
	process.stdout.write(JSON.stringify(value) + '\n');
}

async function token(alg, key) {
	return new SignJWT({sub: 'käse', nested: {a: [1, 2, 3]}})
		.setProtectedHeader({alg, kid: 'oracle', typ: 'JWT'})
		.setIssuedAt()
		.setIssuer('https://brand.example')
		.sign(key);
}

async function make() {
	for (const alg of algorithms) {
		const {publicKey, privateKey} = await generateKeyPair(alg);
		const jwk = {...(await exportJWK(publicKey)), kid: 'oracle', use: 'sig', alg};
		print({alg, token: await token(alg, privateKey), jwk, pem: await exportSPKI(publicKey)});
	}
	for (const alg of ['HS256', 'HS384', 'HS512'])
		print({alg, token: await token(alg, secret), secret: new TextDecoder().decode(secret)});
}

async function verdict({alg, token, jwk, line}) {
	const key = line
		? await importSPKI(`-----BEGIN PUBLIC KEY-----\n${line}\n-----END PUBLIC KEY-----\n`, alg)
		: await importJWK(jwk, alg);
	const {payload} = await compactVerify(token, key, {algorithms: [alg]});
	return {ok: true, payload: new TextDecoder().decode(payload)};
}

async function encrypted({alg, enc, pem}) {
	const plaintext = new TextEncoder().encode('{"sub":"käse"}');
	const key = await importSPKI(pem, alg);
	return {token: await new CompactEncrypt(plaintext).setProtectedHeader({alg, enc, cty: 'JWT'}).encrypt(key)};
}

async function decrypted({token, key}) {
	const {alg} = JSON.parse(Buffer.from(token.split('.')[0], 'base64url'));
	const {plaintext} = await compactDecrypt(token, await importPKCS8(key, alg));
	return {ok: true, payload: new TextDecoder().decode(plaintext)};
}

function lines(answer) {
	return async () => {
		for await (const line of createInterface({input: process.stdin}))
			print(await answer(JSON.parse(line)).catch((e) => ({error: e.code ?? String(e)})));
	};
}

const modes = {make, verify: lines(verdict), encrypt: lines(encrypted), decrypt: lines(decrypted)};
await modes[process.argv[2]]();
