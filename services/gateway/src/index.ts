/** The gateway: nginx, configured from the protocol's route tables. */
export {
  defaultGatewayLimits,
  type GatewayLimits,
  type GatewaySettings,
  type GatewayTls,
} from './settings.ts'
export { renderGatewayConfig } from './render.ts'
export { startGateway, type GatewayProcess, type GatewayProcessOptions } from './start-gateway.ts'
