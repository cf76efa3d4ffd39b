"""The unchanged Segment library for Python against the running product."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
import urllib.request

from segment.analytics.client import Client

EMAIL = "admin@test.example"


class Product:
    """The product on a free port, with a fresh folder, a source, a write key and an administrator's token."""

    def __init__(self):
        self.binary = os.environ["CLIENTELE_TEST_BINARY"]
        self.folder = tempfile.mkdtemp(prefix="clientele-segment-")
        self.run("user", "create", EMAIL, "--name", "Admin", "--role", "admin")
        self.token = self.run("token", "create", "--user", EMAIL, "--name", "tests")
        self.source = self.run("source", "create", "Server")
        self.key = self.run("source", "key", "Server")
        serve = [self.binary, "serve", "--data", self.folder, "--port", "0"]
        self.server = subprocess.Popen(serve, stdout=subprocess.PIPE, text=True)
        self.url = next(found.group() for line in self.server.stdout if (found := re.search(r"http://\S+", line)))

    def run(self, *words):
        done = subprocess.run([self.binary, *words, "--data", self.folder], check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def api(self, path):
        request = urllib.request.Request(f"{self.url}/api/v1/source/{self.source}{path}")
        request.add_header("Authorization", f"Bearer {self.token}")
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def today(self):
        return self.api("/health")["days"][-1]

    def stop(self):
        self.server.terminate()
        self.server.wait()
        self.server.stdout.close()
        shutil.rmtree(self.folder)


class Library(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.product = Product()

    @classmethod
    def tearDownClass(cls):
        cls.product.stop()

    def client(self, **options):
        self.errors = []
        on_error = lambda error, items: self.errors.append(error)
        options = {"write_key": self.product.key, "host": self.product.url, "on_error": on_error, "max_retries": 0} | options
        return Client(**options)

    def test_every_kind_of_call_arrives(self):
        earlier = self.product.today()
        client = self.client()
        client.identify("u-1", {"email": "ada@a.example"})
        client.track("u-1", "Order Completed", {"total": 12.5})
        client.page("u-1", "Shop", "Home")
        client.screen("u-1", "Shop", "Basket")
        client.group("u-1", "g-1", {"name": "Aciers"})
        client.alias("a-1", "u-1")
        client.flush()
        client.join()
        self.assertEqual(self.errors, [])
        now = self.product.today()
        self.assertEqual(now["accepted"] - earlier["accepted"], 6)
        self.assertEqual(now["rejected"], earlier["rejected"])

    def test_packed_batches_arrive_each_event_once(self):
        earlier = self.product.today()
        for _ in range(2):
            client = self.client(gzip=True, upload_size=50)
            for n in range(200):
                client.track("u-1", "Clicked", {"n": n}, message_id=f"clicked-{n}")
            client.flush()
            client.join()
            self.assertEqual(self.errors, [])
        now = self.product.today()
        self.assertEqual(now["accepted"] - earlier["accepted"], 200)
        self.assertEqual(now["duplicates"] - earlier["duplicates"], 200)

    def test_a_wrong_key_is_an_error(self):
        client = self.client(write_key="clw_wrong", sync_mode=True)
        with self.assertRaises(Exception):
            client.track("u-1", "Lost")


if __name__ == "__main__":
    unittest.main()
