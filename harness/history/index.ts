export { readClientFile, formatClientLine } from './client-file.ts';
export type { ClientFileReading } from './client-file.ts';
export type { ClientCall } from './client-call.ts';
export { readTrace } from './trace-file.ts';
export type { TraceReading } from './trace-file.ts';
export { formatTraceLine } from './trace-line.ts';
