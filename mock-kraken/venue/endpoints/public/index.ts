export { publicEndpoints } from './registry.ts';
