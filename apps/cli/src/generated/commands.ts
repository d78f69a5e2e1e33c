// Made from src/input/Commands.ts by `pnpm generate`. Do not edit.
export const commands = {
  "status": {
    "operands": [
      1,
      null
    ],
    "words": [],
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
    "words": [],
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
    "words": [],
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
    "words": [],
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
    "words": [],
    "flags": {
      "port": "text",
      "speed": "text",
      "every": "text",
      "faults": "text",
      "seed": "text",
      "json": null
    },
    "aliases": {}
  },
  "completions": {
    "operands": [
      1,
      1
    ],
    "words": [
      "bash",
      "zsh",
      "fish"
    ],
    "flags": {},
    "aliases": {}
  }
} as const
