import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { csvText } from './csv.ts';

describe('a table as CSV', () => {
  it('begins with a byte order mark and ends lines with CR LF', () => {
    assert.equal(csvText(['name', 'count'], [['Müller', 3]]), '\ufeffname,count\r\nMüller,3\r\n');
  });
  it('quotes what holds a comma, a quote or a line break', () => {
    assert.equal(csvText(['a'], [['x,y'], ['say "hi"'], ['two\nlines']]), '\ufeffa\r\n"x,y"\r\n"say ""hi"""\r\n"two\nlines"\r\n');
  });
  it('keeps a spreadsheet from running a subject as a formula', () => {
    assert.equal(
      csvText(['a'], [['=HYPERLINK("http://x")'], ['-1'], [-1], [null]]),
      '\ufeffa\r\n"\'=HYPERLINK(""http://x"")"\r\n\'-1\r\n-1\r\n\r\n',
    );
  });
});
