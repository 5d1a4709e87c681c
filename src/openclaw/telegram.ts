/** What a Telegram bot token tells. Source: core.telegram.org/bots/api#authorizing-your-bot (`<bot id>:<secret>`). */

/** The bot's id: the digits before the colon. Undefined when the text is not a bot token. Never shows the secret part. */
export function botIdOfToken(token: string): string | undefined {
  return /^([0-9]{1,20}):[A-Za-z0-9_-]{1,200}$/.exec(token.trim())?.[1];
}
