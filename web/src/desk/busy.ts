// This file says when keys belong to somebody else: a box being typed in, a held modifier, an open dialog.

/** True while somebody types, holds a modifier, or a dialog is open. */
export function isBusy(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true;
  return target?.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="alertdialog"]') != null;
}
