// An OpenID Connect provider that is certified and that we did not write: the npm package oidc-provider, with the forms that it
// brings for development. It is started with: where the package is, its own address, and the address that it sends browsers back to.
// A request to /rotate gives it new keys.
import { createServer } from 'node:http'
import { generateKeyPairSync, randomUUID } from 'node:crypto'

const [library, issuer, callback] = process.argv.slice(2)
const { default: Provider } = await import(library)

const provider = () => {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })
  return new Provider(issuer, {
    clients: [{ client_id: 'shop', client_secret: 'a secret of the shop', redirect_uris: [callback] }],
    jwks: { keys: [{ ...key, use: 'sig', alg: 'RS256', kid: randomUUID() }] },
    claims: { email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: ['key of the cookies'] },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, name: id, email: `${id}@acme.example.org`, email_verified: !id.startsWith('unverified') }),
    }),
  })
}

let current = provider()
createServer((request, response) => {
  if (request.url === '/rotate') {
    current = provider()
    response.end()
    return
  }
  current.callback()(request, response)
}).listen(new URL(issuer).port, '127.0.0.1')
