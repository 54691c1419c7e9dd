export { listenAdmin, type AdminApi, type AdminOptions } from './listen-admin.ts';
