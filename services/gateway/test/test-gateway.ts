/** nginx with the product's configuration, in front of whatever is named. */
import { startGateway, type GatewayProcess, type GatewayProcessOptions } from '@brieftaube/gateway'
import { createTestWeb } from './test-web.ts'

export interface TestGateway extends AsyncDisposable {
  readonly gateway: GatewayProcess
  readonly url: string
}

/** Behind a proxy that nobody trusts, on 127.0.0.1, with limits that no test meets by chance. */
export async function startTestGateway(
  options: Pick<GatewayProcessOptions, 'upstreams'> & Partial<GatewayProcessOptions>,
): Promise<TestGateway> {
  const web = await createTestWeb()
  const gateway = await startGateway({
    publicOrigin: 'https://chat.example.org',
    otherNames: ['127.0.0.1'],
    tls: { kind: 'proxy', trusted: [] },
    webRoot: web.folder,
    workers: 1,
    ...options,
    limits: { connectionsPerAddress: 5000, requestBurst: 5000, requestsPerSecond: 5000, ...options.limits },
  })
  return {
    gateway,
    url: `http://127.0.0.1:${gateway.httpPort}`,
    [Symbol.asyncDispose]: async () => {
      await gateway[Symbol.asyncDispose]()
      await web[Symbol.asyncDispose]()
    },
  }
}
