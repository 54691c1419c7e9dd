import { answer, type PrivateEndpoint } from './endpoint-context.ts';

/** `CreditLines`: none, as for every client that is not a VIP. */
export const creditLines: PrivateEndpoint = () => answer({ asset_details: {}, limits_monitor: {} });
