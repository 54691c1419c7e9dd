export type { EndpointContext } from './endpoint-context.ts';
export { ordersTouched } from './orders-touched.ts';
export { privateEndpoints } from './registry.ts';
export { Reports } from './reports.ts';
