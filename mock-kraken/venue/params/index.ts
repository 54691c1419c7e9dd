export { pageOf, withCount } from './paging.ts';
export { decimal, flag, integer, list, requiredText, text, word } from './params.ts';
