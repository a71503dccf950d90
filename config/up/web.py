"""A web process on a socket that `up` has bound:   python -m config.up.web FILE_DESCRIPTOR"""

import socket
import sys

import uvicorn


def main() -> None:
    door = socket.socket(fileno=int(sys.argv[1]))
    config = uvicorn.Config(
        "config.edge:application",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=2,  # seconds; open streams of live updates end with it
        timeout_keep_alive=30,
    )
    uvicorn.Server(config).run(sockets=[door])


if __name__ == "__main__":
    main()
