// Made from src/Commands.ts by `pnpm generate`. Do not edit.
export const commands = {
  "status": {
    "operands": [
      1,
      null
    ],
    "flags": {
      "exit-code": null,
      "server": "text",
      "token-file": "text",
      "token-stdin": null,
      "timeout": "text",
      "request-timeout": "text",
      "max-retry-time": "text",
      "json": null,
      "quiet": null,
      "verbose": null,
      "no-color": null
    },
    "aliases": {
      "q": "quiet",
      "v": "verbose"
    }
  },
  "wait": {
    "operands": [
      1,
      null
    ],
    "flags": {
      "interval": "text",
      "allow-partial": null,
      "progress": [
        "auto",
        "plain",
        "none"
      ],
      "server": "text",
      "token-file": "text",
      "token-stdin": null,
      "timeout": "text",
      "request-timeout": "text",
      "max-retry-time": "text",
      "json": null,
      "quiet": null,
      "verbose": null,
      "no-color": null
    },
    "aliases": {
      "q": "quiet",
      "v": "verbose"
    }
  },
  "watch": {
    "operands": [
      1,
      null
    ],
    "flags": {
      "follow": null,
      "interval": "text",
      "allow-partial": null,
      "progress": [
        "auto",
        "plain",
        "none"
      ],
      "server": "text",
      "token-file": "text",
      "token-stdin": null,
      "timeout": "text",
      "request-timeout": "text",
      "max-retry-time": "text",
      "json": null,
      "quiet": null,
      "verbose": null,
      "no-color": null
    },
    "aliases": {
      "q": "quiet",
      "v": "verbose"
    }
  },
  "download": {
    "operands": [
      1,
      1
    ],
    "flags": {
      "output": "text",
      "force": null,
      "interval": "text",
      "allow-partial": null,
      "progress": [
        "auto",
        "plain",
        "none"
      ],
      "server": "text",
      "token-file": "text",
      "token-stdin": null,
      "timeout": "text",
      "request-timeout": "text",
      "max-retry-time": "text",
      "json": null,
      "quiet": null,
      "verbose": null,
      "no-color": null
    },
    "aliases": {
      "o": "output",
      "q": "quiet",
      "v": "verbose"
    }
  },
  "simulate": {
    "operands": [
      0,
      0
    ],
    "flags": {
      "port": "text",
      "speed": "text",
      "seed": "text",
      "server": "text",
      "token-file": "text",
      "token-stdin": null,
      "timeout": "text",
      "request-timeout": "text",
      "max-retry-time": "text",
      "json": null,
      "quiet": null,
      "verbose": null,
      "no-color": null
    },
    "aliases": {
      "q": "quiet",
      "v": "verbose"
    }
  },
  "completions": {
    "operands": [
      1,
      1
    ],
    "flags": {
      "server": "text",
      "token-file": "text",
      "token-stdin": null,
      "timeout": "text",
      "request-timeout": "text",
      "max-retry-time": "text",
      "json": null,
      "quiet": null,
      "verbose": null,
      "no-color": null
    },
    "aliases": {
      "q": "quiet",
      "v": "verbose"
    }
  }
} as const
