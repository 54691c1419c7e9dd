import type { ExchangeReply } from '../exchange-reply.ts';

/** What each status is called on the page. */
const TITLES = {
  502: 'Bad gateway',
  504: 'Gateway time-out',
  520: 'Web server is returning an unknown error',
  522: 'Connection timed out',
  525: 'SSL handshake failed',
} as const;

/** An error page of the kind that Cloudflare puts in place of Kraken's reply: HTML that starts with `<`. */
export function cloudflarePage(status: keyof typeof TITLES): ExchangeReply {
  const title = `api.kraken.com | ${status}: ${TITLES[status]}`;
  const body = `<!DOCTYPE html>\n<html lang="en-US">\n<head><title>${title}</title></head>\n<body><h1>${title}</h1><p>Cloudflare</p></body>\n</html>\n`;
  return {
    status,
    headers: { 'content-type': 'text/html; charset=UTF-8', server: 'cloudflare' },
    body,
    delivery: { kind: 'whole' },
  };
}
