import { describe, expect, it } from 'vitest';
import { markup, trusted } from './markup.ts';

describe('markup', () => {
  it('leaves text text, in elements and in attributes', () => {
    const { html } = markup`<p title="${'"><script>'}">${"<b> & 'c'"}</p>`;
    expect(html).toBe('<p title="&quot;&gt;&lt;script&gt;">&lt;b&gt; &amp; &#39;c&#39;</p>');
  });

  it('puts markup into markup, lists one after the other, and nothing for null', () => {
    const items = ['a', 'b'].map((text) => markup`<li>${text}</li>`);
    expect(markup`<ul>${items}${null}</ul>${trusted('<hr>')}`.html).toBe('<ul><li>a</li><li>b</li></ul><hr>');
  });

  it('shows control characters and changes of direction, which would forge what follows', () => {
    expect(markup`${'a\u0000b\u001b[31m\u202ec\nd\te'}`.html).toBe('a\ufffdb\ufffd[31m\ufffdc\nd\te');
  });
});
