"""The counter of ../javascript, written with Fabric's shim for Python: counts under names."""

import os

from fabric_chaincode_python.fabric_shim import server
from fabric_chaincode_python.fabric_shim.interfaces import Chaincode
from fabric_chaincode_python.fabric_shim.response import error, success


class Counter(Chaincode):
    async def init(self, stub):
        return success(b"")

    async def invoke(self, stub):
        """`add NAME N` answers the new sum, `read NAME` the present one."""
        function, parameters = stub.get_function_and_parameters()
        name = parameters[0]
        before = int(bytes(await stub.get_state(name)) or b"0")
        if function == "read":
            return success(str(before))
        if function != "add":
            return error(f"no function {function}")
        total = str(before + int(parameters[1]))
        await stub.put_state(name, total.encode())
        return success(total)


if __name__ == "__main__":
    # Address and id stand in the environment; the network also tells which TLS files to show.
    server.start(
        Counter,
        key=os.environ["CORE_CHAINCODE_TLS_KEY_FILE"],
        cert=os.environ["CORE_CHAINCODE_TLS_CERT_FILE"],
        client_ca_certs=os.environ["CORE_CHAINCODE_TLS_CLIENT_CACERT_FILE"],
    )
