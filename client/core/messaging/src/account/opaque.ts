/** OPAQUE, client side (RFC 9807), loaded when somebody signs in. Its calls block for about 190 ms each. */
import { decodeBase64Url, ProtocolError, type Bytes } from '@brieftaube/protocol'

async function load() {
  const opaque = await import('@serenity-kit/opaque')
  await opaque.ready
  return opaque.client
}

/** Unicode NFKC, so that the same password typed on another keyboard is the same. */
function normalise(password: string): string {
  return password.normalize('NFKC')
}

export interface StartedRegistration {
  readonly request: string
  finish(response: string): { readonly record: string; readonly exportKey: Bytes }
}

export async function startRegistration(password: string): Promise<StartedRegistration> {
  const client = await load()
  const plain = normalise(password)
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password: plain })
  return {
    request: registrationRequest,
    finish: (registrationResponse) => {
      const result = client.finishRegistration({
        clientRegistrationState,
        registrationResponse,
        password: plain,
      })
      return { record: result.registrationRecord, exportKey: decodeBase64Url(result.exportKey) }
    },
  }
}

export interface StartedLogin {
  readonly request: string
  /** Throws `wrong-credentials` when the password does not fit. */
  finish(response: string): { readonly finish: string; readonly exportKey: Bytes }
}

export async function startLogin(password: string): Promise<StartedLogin> {
  const client = await load()
  const plain = normalise(password)
  const { clientLoginState, startLoginRequest } = client.startLogin({ password: plain })
  return {
    request: startLoginRequest,
    finish: (loginResponse) => {
      const result = client.finishLogin({ clientLoginState, loginResponse, password: plain })
      if (result === undefined) throw new ProtocolError('wrong-credentials', 'name or password is wrong')
      return { finish: result.finishLoginRequest, exportKey: decodeBase64Url(result.exportKey) }
    },
  }
}
