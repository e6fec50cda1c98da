// This file looks at JSON before it is parsed: how deep it nests and how many values it can have at most, so that parsing costs no more than that.
import { REPORT_LIMITS } from './limits.ts';

/** True when the text stays within the limits. It need not be valid JSON. */
export function isWithin(text: string): boolean {
  let depth = 0;
  let values = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charCodeAt(i);
    if (quoted) {
      if (char === BACKSLASH) i += 1;
      else if (char === QUOTE) quoted = false;
    } else if (char === QUOTE) quoted = true;
    else if (char === OPEN_OBJECT || char === OPEN_LIST) {
      depth += 1;
      values += 1;
      if (depth > REPORT_LIMITS.jsonDepthMax) return false;
    } else if (char === CLOSE_OBJECT || char === CLOSE_LIST) depth -= 1;
    else if (char === COMMA) values += 1;
    if (values > REPORT_LIMITS.jsonValuesMax) return false;
  }
  return true;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
