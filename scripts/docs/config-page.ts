// This file prints docs/CONFIG.md from the table of settings.
import { SETTINGS, variableName } from '../../src/config.ts';

/** The whole page. */
export function renderConfigPage(): string {
  const rows = Object.entries(SETTINGS).map(([name, entry]) => {
    const standard = entry.default === '' ? 'empty' : `\`${entry.default}\``;
    const secret = 'secret' in entry ? ' Never printed.' : '';
    return `### \`${variableName(name)}\`\n\n${entry.about}${secret}\nDefault: ${standard}. Example: \`${entry.example}\`.\n`;
  });
  return `# Settings

This page is printed from \`src/config.ts\` by \`node scripts/docs.ts\`; a test holds both against each other.

Settings are environment variables, or lines of a file that \`PACKETBOAT_CONFIG\` names: JSON (\`{"http_port": 8080}\`) or
\`KEY=value\` lines, with or without the prefix, in either case. A variable wins over the file, the file over the default. A
setting that does not exist is an error that names the nearest one. \`packetboat config\` prints what is in force.

${rows.join('\n')}`;
}
