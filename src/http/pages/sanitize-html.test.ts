import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../../test/support/property.ts';
import { sanitizeHtml } from './sanitize-html.ts';

const clean = (html: string) => sanitizeHtml(html, { inlinePicture: (id) => (id === 'logo' ? 'data:image/png;base64,AAAA' : null) });

test('What a reader sees stays, what acts or loads goes', () => {
  const rows: [input: string, expected: string][] = [
    ['<p>Hello <b>you</b> &amp; all</p>', '<p>Hello <b>you</b> &amp; all</p>'],
    ['a < b > c', 'a &lt; b &gt; c'],
    ['<script>alert(1)</script>x', 'x'],
    ['<SCRIPT src=//e></SCRIPT >x', 'x'],
    ['<script>alert("</b>")', ''],
    ['<style>p{}</style><p>x</p>', '<p>x</p>'],
    ['<head><title>t</title></head><body bgcolor="red">x</body>', 'x'],
    ['<img src="https://e/x.png" onerror="alert(1)" alt="a">', '<img alt="a">'],
    ['<img src="cid:logo">', '<img src="data:image/png;base64,AAAA">'],
    ['<img src="cid:other">', '<img>'],
    ['<img src="data:text/html,x">', '<img>'],
    ['<a href="https://e/?a=1&amp;b=2">x</a>', '<a href="https://e/?a=1&#38;b=2" target="_blank" rel="noopener noreferrer nofollow">x</a>'],
    ['<a href="javascript:alert(1)">x</a>', '<a target="_blank" rel="noopener noreferrer nofollow">x</a>'],
    ['<a href="java&#115;cript:alert(1)">x</a>', '<a target="_blank" rel="noopener noreferrer nofollow">x</a>'],
    ['<a href=" &#x6a;avascript&colon;x">x</a>', '<a target="_blank" rel="noopener noreferrer nofollow">x</a>'],
    ['<a href="data:text/html,x">x</a>', '<a target="_blank" rel="noopener noreferrer nofollow">x</a>'],
    ['<td style="color:red;background:url(//e);width:10px">x</td>', '<td style="color:red;width:10px">x</td>'],
    ['<p style="width:expression(alert(1));position:fixed;color:blue">x</p>', '<p style="color:blue">x</p>'],
    ['<p style="background:u\\72l(//e)">x</p>', '<p style="">x</p>'],
    ['<form action="https://e"><input name=a><button>b</button></form>', 'b'],
    ['<iframe src="https://e">x</iframe>y', 'y'],
    ['<svg><a href="x"/></svg>y', 'y'],
    ['<object data="x"><p>in</p></object>y', 'y'],
    ['<base href="https://e"><link rel=stylesheet href=x><meta http-equiv=refresh content="0;url=//e">x', 'x'],
    ['<!-- c --><!doctype html><?php x ?>x', 'x'],
    ['<!-- never ends <p>x', ''],
    ['<p title="a&quot; onclick=&quot;x">y</p>', '<p title="a&#34; onclick=&#34;x">y</p>'],
    ['<p title=\'a" onclick="x\'>y</p>', '<p title="a&#34; onclick=&#34;x">y</p>'],
    ['<p/onclick=alert(1)>x</p>', '<p>x</p>'],
    ['<p onclick=alert(1)//>x', '<p>x'],
    ['<b <i>x', '<b>x'],
    ['<', '&lt;'],
    ['<p', '<p>'],
    ['</script>x', 'x'],
    ['<blink>x</blink>', 'x'],
    ['<br/><hr>', '<br><hr>'],
  ];
  for (const [input, expected] of rows) assert.equal(clean(input), expected, input);
});

test('Whatever comes in, what comes out is made of listed elements and attributes with quoted values', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '/',
      '=',
      ' ',
      '&',
      '<script',
      '</script>',
      '<img src=',
      '<a href="',
      'javascript:',
      'onerror=',
      '<!--',
      '-->',
      '<svg',
      'style="',
      'url(',
    ),
    fc.string(),
  );
  const tag = /<(\/?)([a-z0-9]+)((?: [a-z]+="[^"<>]*")*)>/g;
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const out = clean(pieces.join(''));
      const rest = out.replace(tag, (_whole, _slash, name, attributes) => {
        assert.ok(!/^(script|style|iframe|svg|math|object|embed|form|input|link|meta|base|html|body)$/.test(name), name);
        assert.ok(!/ on[a-z]+=/.test(attributes), attributes);
        for (const [, url] of String(attributes).matchAll(/ href="([^"]*)"/g)) assert.match(url ?? '', /^(https?:|mailto:|tel:)/i);
        return '';
      });
      assert.ok(!rest.includes('<'), rest);
    }),
    { numRuns: 2_000 },
  );
});

test('Hostile sizes cost no more than long ones', () => {
  for (const unit of ['<p ', '<script>', '<!--', 'a="', '<b><i>', '<a href=x ']) {
    assert.ok(clean(unit.repeat(300_000)).length <= 3_000_000);
  }
});
