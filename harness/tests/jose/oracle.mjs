// npm's jose as the second opinion on tokens and keys.
//   node oracle.mjs make      writes JSON lines {alg, token, jwk, pem}: one for each algorithm
//   node oracle.mjs verify    reads JSON lines {alg, token, jwk, line}; answers each with {ok, payload} or {error}
import {createInterface} from 'node:readline';
import {exportJWK, exportSPKI, generateKeyPair, importJWK, importSPKI, SignJWT, compactVerify} from 'jose';

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

async function verify() {
	for await (const line of createInterface({input: process.stdin}))
		print(await verdict(JSON.parse(line)).catch((e) => ({error: e.code ?? String(e)})));
}

await {make, verify}[process.argv[2]]();
