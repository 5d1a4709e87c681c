/** The OpenClaw that everything in this folder was read from and is tested with. */
export const OPENCLAW_VERSION = '2026.9.6';
