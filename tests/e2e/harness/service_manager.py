"""The service manager's end of a program's notifications."""

import socket


class ServiceManager:
    """Listens where `environment` tells a program to notify."""

    def __init__(self, folder, watchdog_usec):
        path = str(folder / "notify")
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(path)
        self._socket.settimeout(60)
        self.environment = {"NOTIFY_SOCKET": path, "WATCHDOG_USEC": str(watchdog_usec)}

    def next(self):
        return self._socket.recv(4096).decode()

    def close(self):
        self._socket.close()
