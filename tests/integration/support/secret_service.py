# SPDX-License-Identifier: MIT
"""A Secret Service with the habits of KWallet or KeePassXC, on a test's bus. Run as a program by
`SecretService`.

It has one collection, which is the default, and none for the session; it asks questions and answers
them itself, as a person was told to. What is particular to a service is a habit:

    search_asks   to search while all is locked is asked for the password, and answered after that
    item_asks     an item is locked for a program until a person allows it
    delete_asks   an item is deleted by a question, whatever its answer takes
    lies          what a person refused to unlock is said to be unlocked, and its secrets are empty
"""
import json
import os
import subprocess
import sys

KEEPASSXC = ("search_asks", "item_asks", "delete_asks")
KWALLET = ("lies",)

ROOT = "/org/freedesktop/secrets"
COLLECTION = ROOT + "/collection/main"
SECRET = "org.freedesktop.Secret."
PROPERTIES = "org.freedesktop.DBus.Properties"


class SecretService:
    """On the bus of `address` until `close`."""

    def __init__(self, address, habits):
        self.process = subprocess.Popen(
            ["/usr/bin/python3", os.path.abspath(__file__), address, *habits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout.readline() == "ready\n"

    def _tell(self, word, *more):
        self.process.stdin.write(json.dumps([word, *more]) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def lock(self):
        self._tell("lock")

    def answer(self, kind, answer):
        """To questions of a kind (`unlock`, `item`, `delete`), also to those that wait:
        `yes`, `no`, or `wait` for nobody being there."""
        self._tell("answer", kind, answer)

    def questions(self):
        """The kinds of those asked since the last time."""
        return self._tell("questions")

    def tokens(self):
        """The secrets of the items that are tokens."""
        return self._tell("tokens")

    def empty(self):
        """Takes the entries away and leaves the items, as KWallet's manager does."""
        self._tell("empty")

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=10)
        self.process.stdout.close()


def serve(address, *habits):
    import dbus
    import dbus.mainloop.glib
    import dbus.service
    from gi.repository import GLib

    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.bus.BusConnection(address)
    loop = GLib.MainLoop()

    class Error(dbus.DBusException):
        def __init__(self, name):
            super().__init__(name)
            self._dbus_error_name = name

    class Object(dbus.service.Object):
        """With the properties that `values` gives to a program."""

        def __init__(self, path):
            super().__init__(bus, path)
            self.path = path

        @dbus.service.method(PROPERTIES, "ss", "v", sender_keyword="sender")
        def Get(self, interface, name, sender):
            return self.values(sender)[name]

        @dbus.service.method(PROPERTIES, "s", "a{sv}", sender_keyword="sender")
        def GetAll(self, interface, sender):
            return self.values(sender)

        @dbus.service.signal(PROPERTIES, "sa{sv}as")
        def PropertiesChanged(self, interface, changed, gone):
            pass

    class Person:
        """Answers as told; `then` is called with yes or no."""

        def __init__(self):
            self.answers = {"unlock": "yes", "item": "yes", "delete": "yes"}
            self.asked, self.waiting = [], []

        def ask(self, kind, then):
            self.asked.append(kind)
            self.waiting.append((kind, then))
            self.look()

        def look(self):
            for question in list(self.waiting):
                answer = self.answers[question[0]]
                if answer != "wait":
                    self.waiting.remove(question)
                    question[1](answer == "yes")

        def forget(self, then):
            self.waiting = [question for question in self.waiting if question[1] != then]

    person = Person()

    class Prompt(Object):
        made = 0

        def __init__(self, kind, then):
            Prompt.made += 1
            super().__init__(f"{ROOT}/prompt/p{Prompt.made}")
            self.kind, self.then = kind, then

        @dbus.service.method(SECRET + "Prompt", "s", "")
        def Prompt(self, window):
            person.ask(self.kind, self.answered)

        @dbus.service.method(SECRET + "Prompt", "", "")
        def Dismiss(self):
            person.forget(self.answered)
            self.answered(False)

        def answered(self, yes):
            result = self.then(yes)
            GLib.idle_add(self.tell, not yes, dbus.Array(result, "o", variant_level=1))

        def tell(self, dismissed, result):
            self.Completed(dismissed and "lies" not in habits, result)
            self.remove_from_connection()

        @dbus.service.signal(SECRET + "Prompt", "bv")
        def Completed(self, dismissed, result):
            pass

    class Item(Object):
        def __init__(self, path, properties, secret, maker):
            super().__init__(path)
            self.label = properties[SECRET + "Item.Label"]
            self.attributes = properties[SECRET + "Item.Attributes"]
            self.secret, self.allowed = bytes(secret[2]), {maker}

        def locked(self, sender):
            return collection.locked or ("item_asks" in habits and sender not in self.allowed)

        def values(self, sender):
            return {
                "Locked": self.locked(sender),
                "Label": self.label,
                "Attributes": dbus.Dictionary(self.attributes, "ss"),
            }

        def given(self, session, sender):
            text = self.secret
            if self.locked(sender):
                if "lies" not in habits:
                    raise Error(SECRET + "Error.IsLocked")
                text = b""
            return dbus.Struct(
                (session, dbus.ByteArray(b""), dbus.ByteArray(text), "text/plain"),
                signature="oayays",
            )

        @dbus.service.method(SECRET + "Item", "", "o")
        def Delete(self):
            if "delete_asks" in habits:
                return dbus.ObjectPath(Prompt("delete", self.deleted).path)
            self.deleted(True)
            return dbus.ObjectPath("/")

        def deleted(self, yes):
            if yes and collection.items.pop(self.path, None):
                self.remove_from_connection()
            return []

    class Collection(Object):
        def __init__(self):
            super().__init__(COLLECTION)
            self.locked, self.items, self.made = False, {}, 0

        def values(self, sender):
            return {"Locked": self.locked, "Label": "main", "Items": dbus.Array(self.items, "o")}

        def set_locked(self, locked):
            self.locked = locked
            self.PropertiesChanged(SECRET + "Collection", {"Locked": locked}, [])

        @dbus.service.method(SECRET + "Collection", "a{sv}(oayays)b", "oo", sender_keyword="sender")
        def CreateItem(self, properties, secret, replace, sender):
            if self.locked:
                raise Error(SECRET + "Error.IsLocked")
            self.made += 1
            path = f"{COLLECTION}/i{self.made}"
            self.items[path] = Item(path, properties, secret, sender)
            return dbus.ObjectPath(path), dbus.ObjectPath("/")

    collection = Collection()

    class Service(Object):
        def __init__(self):
            super().__init__(ROOT)

        def values(self, sender):
            return {"Collections": dbus.Array([COLLECTION], "o")}

        @dbus.service.method(SECRET + "Service", "sv", "vo")
        def OpenSession(self, algorithm, given):
            if algorithm != "plain":
                raise Error("org.freedesktop.DBus.Error.NotSupported")
            return dbus.String("", variant_level=1), dbus.ObjectPath(ROOT + "/session/s1")

        @dbus.service.method(SECRET + "Service", "s", "o")
        def ReadAlias(self, name):
            return dbus.ObjectPath(COLLECTION if name == "default" else "/")

        @dbus.service.method(
            SECRET + "Service",
            "a{ss}",
            "aoao",
            sender_keyword="sender",
            async_callbacks=("give", "fail"),
        )
        def SearchItems(self, attributes, sender, give, fail):
            def found(yes):
                if yes:
                    collection.set_locked(False)
                give(*self.search(attributes, sender))

            if collection.locked and "search_asks" in habits:
                person.ask("unlock", found)
            else:
                give(*self.search(attributes, sender))

        def search(self, attributes, sender):
            found = {True: dbus.Array([], "o"), False: dbus.Array([], "o")}
            hidden = collection.locked and "search_asks" in habits
            for path, item in collection.items.items():
                if not hidden and attributes.items() <= item.attributes.items():
                    found[bool(item.locked(sender))].append(path)
            return found[False], found[True]

        @dbus.service.method(SECRET + "Service", "ao", "aoo", sender_keyword="sender")
        def Unlock(self, paths, sender):
            def unlocked(yes):
                if yes and collection.locked:
                    collection.set_locked(False)
                for path in paths:
                    if yes and path in collection.items:
                        collection.items[path].allowed.add(sender)
                return paths if yes or "lies" in habits else []

            item = collection.items.get(paths[0])
            if not (item.locked(sender) if item else collection.locked):
                return paths, dbus.ObjectPath("/")
            prompt = Prompt("unlock" if collection.locked else "item", unlocked)
            return dbus.Array([], "o"), dbus.ObjectPath(prompt.path)

        @dbus.service.method(SECRET + "Service", "aoo", "a{o(oayays)}", sender_keyword="sender")
        def GetSecrets(self, paths, session, sender):
            given = {path: collection.items[path].given(session, sender) for path in paths}
            return dbus.Dictionary(given, "o(oayays)")

    Service()

    def empty():
        for item in collection.items.values():
            item.secret = b""

    def tokens():
        return [
            item.secret.decode()
            for item in collection.items.values()
            if item.attributes.get("xdg:schema") == "org.forgelink.Token"
        ]

    def answer(kind, told):
        person.answers[kind] = told
        person.look()

    def questions():
        asked, person.asked = person.asked, []
        return asked

    told = {
        "lock": lambda: collection.set_locked(True),
        "answer": answer,
        "questions": questions,
        "tokens": tokens,
        "empty": empty,
    }

    def hear(channel, condition):
        line = sys.stdin.readline()
        if not line:
            loop.quit()
            return False
        word, *more = json.loads(line)
        print(json.dumps(told[word](*more)), flush=True)
        return True

    GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, hear)
    bus.request_name("org.freedesktop.secrets")
    print("ready", flush=True)
    loop.run()


if __name__ == "__main__":
    serve(*sys.argv[1:])
