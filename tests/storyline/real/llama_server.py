"""llama.cpp's own HTTP server with a small real model, in a process of its own: ``MODEL CONTEXT``."""

import sys
import time

import xllamacpp


def main(model: str, context: str) -> None:
    settings = xllamacpp.CommonParams()
    settings.model.path = model
    settings.n_ctx = int(context)
    settings.n_parallel = 1
    settings.n_gpu_layers = 0
    settings.cpuparams.n_threads = 2
    settings.hostnames = ["127.0.0.1"]
    settings.port = 0
    server = xllamacpp.Server(settings)
    print(server.listening_address, flush=True)
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main(*sys.argv[1:])
