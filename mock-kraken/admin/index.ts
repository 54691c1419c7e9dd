export { listenAdmin } from './listen-admin.ts';
export type { AdminApi, AdminOptions } from './listen-admin.ts';
