"""One test for each message of the protocol, 5.5, https://jupyter-client.readthedocs.io/en/stable/messaging.html"""

import time
import unittest
from queue import Empty

import zmq
from jupyter_client.session import Session

import peer
from peer import KernelCase, Peer


class Shell(KernelCase):
    def test_kernel_info_request_describes_the_kernel_on_shell_and_control(self):
        for channel in ("shell", "control"):
            cell = self.peer.ask(channel, "kernel_info_request")
            info = cell.content
            self.assertEqual(cell.types, ["busy", "idle"])
            self.assertEqual(cell.reply["msg_type"], "kernel_info_reply")
            self.assertEqual(info["status"], "ok")
            self.assertEqual(info["protocol_version"], "5.5")
            self.assertEqual(cell.reply["header"]["version"], "5.5")
            self.assertEqual(info["language_info"]["name"], "typescript")
            self.assertIn("kernel subshells", info["supported_features"])

    def test_connect_request_gives_the_ports(self):
        info = self.peer.kc.get_connection_info()
        content = self.peer.ask("shell", "connect_request").content
        for channel in ("shell", "iopub", "stdin", "hb", "control"):
            self.assertEqual(content[channel + "_port"], info[channel + "_port"])

    def test_execute_request_is_enclosed_by_busy_and_idle(self):
        cell = self.run_ok("console.log('a'); console.error('b'); console.log('c'); 42")
        self.assertEqual(
            cell.types,
            ["busy", "execute_input", "stream", "stream", "stream", "execute_result", "idle"],
        )
        self.assertEqual([c["text"] for c in cell.of("stream")], ["a\n", "b\n", "c\n"])
        self.assertEqual(cell.value, "42")
        self.assertEqual(cell.content["payload"], [])
        self.assertEqual(cell.content["user_expressions"], {})
        count = cell.content["execution_count"]
        self.assertEqual(cell.of("execute_input")[0]["execution_count"], count)
        self.assertEqual(cell.of("execute_result")[0]["execution_count"], count)
        self.assertEqual(self.peer.nothing_more(), [])

    def test_idle_comes_after_every_line_of_a_cell(self):
        for _ in range(20):
            cell = self.run_ok("for (let i = 0; i < 1000; i++) console.log(i)")
            self.assertEqual(cell.text(), "".join(f"{i}\n" for i in range(1000)))
            self.assertEqual(cell.types[-1], "idle")
        self.assertEqual(self.peer.nothing_more(), [])

    def test_execute_request_with_an_error_answers_with_it(self):
        cell = self.peer.run("throw new TypeError('no luck')")
        self.assertEqual(cell.types, ["busy", "execute_input", "error", "idle"])
        for content in (cell.content, cell.of("error")[0]):
            self.assertEqual(content["ename"], "TypeError")
            self.assertEqual(content["evalue"], "no luck")
            self.assertIsInstance(content["traceback"], list)
            self.assertIn("no luck", "\n".join(content["traceback"]))

    def test_silent_execution_publishes_nothing_and_does_not_count(self):
        before = self.run_ok("1").content["execution_count"]
        cell = self.run_ok("console.log('unheard'); 2", silent=True)
        self.assertEqual(cell.types, ["busy", "idle"])
        self.assertEqual(cell.content["execution_count"], before)
        self.assertEqual(self.run_ok("1").content["execution_count"], before + 1)

    def test_execution_without_store_history_is_not_counted(self):
        before = self.run_ok("1").content["execution_count"]
        self.run_ok("'not in the history'", store_history=False)
        self.assertEqual(self.run_ok("1").content["execution_count"], before + 1)
        found = self.peer.ask("shell", "history_request", dict(output=False, raw=True, hist_access_type="tail", n=5))
        self.assertNotIn("'not in the history'", [row[2] for row in found.content["history"]])

    def test_user_expressions_are_evaluated_after_the_code(self):
        cell = self.run_ok("let seven = 7", user_expressions={"good": "seven * 6", "bad": "nowhere + 1"})
        found = cell.content["user_expressions"]
        self.assertEqual(found["good"]["status"], "ok")
        self.assertEqual(peer.plain(found["good"]["data"]["text/plain"]), "42")
        self.assertEqual(found["bad"]["status"], "error")
        self.assertEqual(found["bad"]["ename"], "ReferenceError")

    def test_an_error_aborts_the_waiting_cells_unless_told_otherwise(self):
        first = self.peer.execute("await new Promise(r => setTimeout(r, 100)); throw new Error('x')")
        waiting = [self.peer.execute("1") for _ in range(30)]
        self.assertEqual(self.peer.finish(first).content["status"], "error")
        for msg_id in waiting:
            cell = self.peer.finish(msg_id)
            self.assertEqual(cell.content["status"], "aborted")
            self.assertEqual(cell.types, ["busy", "idle"])
        first = self.peer.execute("throw new Error('x')", stop_on_error=False)
        second = self.peer.execute("5")
        self.assertEqual(self.peer.finish(first).content["status"], "error")
        self.assertEqual(self.peer.finish(second).content["status"], "ok")

    def test_complete_request_knows_types_across_cells_and_counts_code_points(self):
        self.run_ok("const palette = { red: 1, green: 2 }")
        code = "'😀😀'; palette.r"
        cell = self.peer.ask("shell", "complete_request", dict(code=code, cursor_pos=len(code)))
        content = cell.content
        self.assertEqual(content["status"], "ok")
        self.assertIn("red", [m.split(".")[-1] for m in content["matches"]])
        self.assertEqual(content["cursor_end"], len(code))
        self.assertIn(code[content["cursor_start"] : content["cursor_end"]], ("r", "palette.r"))
        typed = content["metadata"]["_jupyter_types_experimental"]
        self.assertTrue(all({"text", "type", "start", "end"} <= set(item) for item in typed))

    def test_inspect_request_shows_the_type_of_a_variable(self):
        self.run_ok("const speed: number = 3")
        cell = self.peer.ask("shell", "inspect_request", dict(code="speed", cursor_pos=3, detail_level=0))
        self.assertTrue(cell.content["found"])
        self.assertIn("number", cell.content["data"]["text/plain"])
        cell = self.peer.ask("shell", "inspect_request", dict(code="nowhere", cursor_pos=3, detail_level=1))
        self.assertFalse(cell.content["found"])

    def test_completion_and_inspection_answer_while_a_cell_runs(self):
        self.run_ok("const early = 'x'")
        self.peer.ask("shell", "complete_request", dict(code="early.", cursor_pos=6))  # loads TypeScript
        running = self.peer.execute("while (true) {}")
        self.peer.output(running, until=lambda m: m["msg_type"] == "execute_input")
        found = self.peer.ask("shell", "complete_request", dict(code="early.sli", cursor_pos=9), timeout=10)
        self.assertEqual(found.content["status"], "ok")
        self.assertTrue(found.content["matches"])
        found = self.peer.ask("shell", "inspect_request", dict(code="early", cursor_pos=2, detail_level=0), timeout=10)
        self.assertTrue(found.content["found"])
        self.peer.ask("control", "interrupt_request", timeout=10)
        self.assertEqual(self.peer.reply(running)["content"]["status"], "error")

    def test_is_complete_request_tells_the_four_cases(self):
        for code, status in (("1 + 1", "complete"), ("f(", "incomplete"), ("let 1 =", "invalid"), ("if (a) {", "incomplete")):
            cell = self.peer.ask("shell", "is_complete_request", dict(code=code))
            self.assertEqual(cell.content["status"], status, code)
            self.assertEqual("indent" in cell.content, status == "incomplete")

    def test_history_request_gives_tail_range_and_search(self):
        codes = [f"'history {n}'" for n in range(4)]
        for code in codes:
            self.run_ok(code)
        ask = lambda **content: self.peer.ask("shell", "history_request", dict(raw=True, **content)).content["history"]
        tail = ask(output=False, hist_access_type="tail", n=4)
        self.assertEqual([row[2] for row in tail], codes)
        session, line = tail[0][:2]
        row = ask(output=True, hist_access_type="range", session=session, start=line, stop=line + 1)
        self.assertEqual(row, [[session, line, [codes[0], "'history 0'"]]])
        row = ask(output=False, hist_access_type="range", session=0, start=line, stop=line + 2)
        self.assertEqual([r[2] for r in row], codes[:2])
        found = ask(output=False, hist_access_type="search", pattern="'history [1-2]'", n=10)
        self.assertEqual([r[2] for r in found], codes[1:3])
        self.run_ok(codes[1])
        found = ask(output=False, hist_access_type="search", pattern="'history [1-2]'", unique=True)
        self.assertEqual([r[2] for r in found], [codes[2], codes[1]])

    def test_unknown_messages_are_ignored(self):
        for channel in ("shell", "control"):
            for msg_type in ("make_coffee_request", "toString", "execute_reply", ""):
                self.peer.send(channel, msg_type, {"a": 1})
        self.assertEqual(self.run_ok("1").value, "1")
        self.assertEqual(self.peer.nothing_more(), [])

    def test_extra_fields_are_allowed(self):
        msg_id = self.peer.send("shell", "execute_request", {"code": "3", "future": {"a": [1]}}, header={"later": 1})
        self.assertEqual(self.peer.finish(msg_id).value, "3")


class Output(KernelCase):
    def test_display_data_can_be_updated(self):
        cell = self.run_ok("const shown = display(html('<b>1</b>'))")
        (data,) = cell.of("display_data")
        self.assertEqual(data["data"]["text/html"], "<b>1</b>")
        cell = self.run_ok("shown.update(html('<b>2</b>'))")
        (update,) = cell.of("update_display_data")
        self.assertEqual(update["data"]["text/html"], "<b>2</b>")
        self.assertEqual(update["transient"]["display_id"], data["transient"]["display_id"])

    def test_clear_output_keeps_its_place(self):
        cell = self.run_ok("console.log('a'); clearOutput(true); console.log('b')")
        self.assertEqual(cell.types, ["busy", "execute_input", "stream", "clear_output", "stream", "idle"])
        self.assertEqual(cell.of("clear_output"), [{"wait": True}])

    def test_streams_and_displays_keep_their_order(self):
        code = "for (let i = 0; i < 50; i++) { console.log('l' + i); display(html('d' + i)); console.error('e' + i) }"
        cell = self.run_ok(code)
        seen = []
        for m in cell.messages:
            if m["msg_type"] == "stream":
                seen += m["content"]["text"].split()
            elif m["msg_type"] == "display_data":
                seen.append(m["content"]["data"]["text/html"])
        self.assertEqual(seen, [p + str(i) for i in range(50) for p in ("l", "d", "e")])

    def test_a_hundred_thousand_lines_arrive_in_order(self):
        started = time.time()
        cell = self.run_ok("for (let i = 0; i < 100_000; i++) console.log('line', i)", timeout=60)
        seconds = time.time() - started
        self.assertEqual(cell.text(), "".join(f"line {i}\n" for i in range(100_000)))
        self.assertLess(len(cell.messages), 1000)
        print(f"MEASURED flood {round(100_000 / seconds)} lines/s", flush=True)

    def test_late_output_names_the_cell_that_caused_it(self):
        first = self.run_ok("setTimeout(() => console.log('late'), 300); 'first'")
        second = self.run_ok("await new Promise(r => setTimeout(r, 700)); 'second'")
        late = [m for m in self.peer.unread + self.peer.nothing_more() if m["msg_type"] == "stream"]
        self.assertEqual([m["content"]["text"] for m in late], ["late\n"])
        self.assertEqual(late[0]["parent_header"]["msg_id"], first.msg_id)
        self.peer.unread = []

    def test_any_text_reaches_the_client_as_unicode(self):
        cell = self.run_ok(r"console.log('\ud800|\u2028|😀|\0|é'); process.stdout.write(Buffer.from([0xff, 0x0a])); 1")
        text = cell.text()
        text.encode("utf-8")
        self.assertIn("|\u2028|😀|\0|é", text)

    def test_a_cut_output_says_so(self):
        cell = self.run_ok("const mb = 'x'.repeat(2 ** 20) + '\\n'; for (let i = 0; i < 70; i++) console.log(mb); 'end'")
        self.assertLess(len(cell.text()), 66 * 2**20)
        self.assertIn("cut", cell.text("stderr"))
        self.assertEqual(cell.value, "'end'")


class Stdin(KernelCase):
    def answer(self, value, code, with_parent=True):
        msg_id = self.peer.execute(code, allow_stdin=True)
        question = self.peer.kc.get_stdin_msg(timeout=10)
        self.assertEqual(question["msg_type"], "input_request")
        self.assertEqual(question["parent_header"]["msg_id"], msg_id)
        if with_parent:
            self.peer.send("stdin", "input_reply", {"value": value}, parent=question)
        else:
            self.peer.kc.input(value)
        return question["content"], self.peer.finish(msg_id)

    def test_input_request_asks_the_client_and_waits(self):
        question, cell = self.answer("Ada", "console.log('first'); const who = prompt('name?'); who")
        self.assertEqual(question["prompt"].strip(), "name?")
        self.assertEqual(question["password"], False)
        self.assertEqual(cell.value, "'Ada'")
        self.assertEqual(cell.text(), "first\n")

    def test_input_request_can_hide_a_password(self):
        question, cell = self.answer("secret", "await input('word?', { password: true })")
        self.assertEqual((question["prompt"].strip(), question["password"]), ("word?", True))
        self.assertEqual(cell.value, "'secret'")

    def test_input_reply_without_parent_is_taken(self):
        _, cell = self.answer("é😀", "prompt('again')", with_parent=False)
        self.assertEqual(cell.value, "'é😀'")

    def test_input_is_refused_where_the_client_does_not_answer(self):
        cell = self.peer.run("prompt('never')", allow_stdin=False)
        self.assertIn(cell.content["status"], ("ok", "error"))
        with self.assertRaises(Empty):
            self.peer.kc.get_stdin_msg(timeout=0.3)

    def test_a_question_ends_with_an_interrupt(self):
        msg_id = self.peer.execute("prompt('never answered')", allow_stdin=True)
        self.peer.kc.get_stdin_msg(timeout=10)
        self.peer.ask("control", "interrupt_request")
        self.assertEqual(self.peer.finish(msg_id, timeout=10).content["status"], "error")
        self.assertEqual(self.run_ok("1 + 1").value, "2")


class Control(KernelCase):
    def test_interrupt_request_stops_a_loop_and_keeps_the_state(self):
        self.run_ok("let kept = 41")
        running = self.peer.execute("while (true) {}")
        self.peer.output(running, until=lambda m: m["msg_type"] == "execute_input")
        time.sleep(0.2)
        started = time.time()
        cell = self.peer.ask("control", "interrupt_request")
        self.assertEqual(cell.content, {"status": "ok"})
        reply = self.peer.reply(running, timeout=10)
        print(f"MEASURED interrupt {round((time.time() - started) * 1000)} ms", flush=True)
        self.assertEqual(reply["content"]["status"], "error")
        self.peer.output(running)
        self.assertEqual(self.run_ok("kept + 1").value, "42")

    def test_interrupt_of_an_idle_kernel_is_answered(self):
        self.assertEqual(self.peer.ask("control", "interrupt_request").content, {"status": "ok"})
        self.assertEqual(self.run_ok("2").value, "2")

    def test_debug_request_is_answered(self):
        cell = self.peer.ask("control", "debug_request", dict(type="request", seq=3, command="debugInfo"))
        self.assertEqual(cell.reply["msg_type"], "debug_reply")
        self.assertEqual(cell.content["request_seq"], 3)

    def test_usage_request_gives_the_memory(self):
        usage = self.peer.ask("control", "usage_request").content
        self.assertGreater(usage["kernel_memory"], 20e6)
        print(f"MEASURED rss {round(usage['kernel_memory'] / 2**20)} MB", flush=True)

    def test_subshells_run_beside_the_main_shell(self):
        created = self.peer.ask("control", "create_subshell_request").content
        self.assertEqual(created["status"], "ok")
        subshell = created["subshell_id"]
        self.assertEqual(self.peer.ask("control", "list_subshell_request").content["subshell_id"], [subshell])
        main = self.peer.execute("await new Promise(r => setTimeout(r, 4000)); 'main'")
        side = self.peer.execute("'side'", header={"subshell_id": subshell})
        started = time.time()
        cell = self.peer.finish(side)
        self.assertLess(time.time() - started, 3.5)
        self.assertEqual(cell.value, "'side'")
        self.assertEqual(cell.reply["parent_header"].get("subshell_id"), subshell)
        self.assertEqual(self.peer.finish(main).value, "'main'")
        deleted = self.peer.ask("control", "delete_subshell_request", {"subshell_id": subshell})
        self.assertEqual(deleted.content["status"], "ok")
        self.assertEqual(self.peer.ask("control", "list_subshell_request").content["subshell_id"], [])
        wrong = self.peer.finish(self.peer.execute("1", header={"subshell_id": subshell}))
        self.assertEqual(wrong.content["status"], "error")
        wrong = self.peer.ask("control", "delete_subshell_request", {"subshell_id": "none"})
        self.assertEqual(wrong.content["status"], "error")


class Comms(KernelCase):
    def comms_of(self, messages):
        return [(m["msg_type"], m["content"], [bytes(b) for b in m["buffers"]]) for m in messages if "comm" in m["msg_type"]]

    def test_a_comm_that_the_client_opens_carries_buffers_both_ways(self):
        self.run_ok(
            "comms.registerTarget('echo', (comm, opening) => {\n"
            "  comm.send({ opened: opening.data })\n"
            "  comm.onMessage = ({ data, buffers }) => comm.send({ data, sizes: buffers.map((b) => b.length) }, { buffers })\n"
            "  comm.onClose = () => console.log('closed')\n"
            "})"
        )
        opened = self.peer.send("shell", "comm_open", dict(comm_id="c1", target_name="echo", data={"a": 1}))
        answer = self.peer.output(opened)
        late = self.wait_for_comm(opened, answer)
        self.assertEqual(late, [("comm_msg", {"comm_id": "c1", "data": {"opened": {"a": 1}}}, [])])
        info = self.peer.ask("shell", "comm_info_request", {"target_name": "echo"}).content
        self.assertEqual(info["comms"], {"c1": {"target_name": "echo"}})
        payload = [bytes(range(256)), b""]
        sent = self.peer.send("shell", "comm_msg", dict(comm_id="c1", data=[1]), buffers=payload)
        late = self.wait_for_comm(sent, self.peer.output(sent))
        self.assertEqual(late, [("comm_msg", {"comm_id": "c1", "data": {"data": [1], "sizes": [256, 0]}}, payload)])
        closed = self.peer.send("shell", "comm_close", dict(comm_id="c1", data={}))
        self.peer.output(closed)
        self.assertNotIn("c1", self.peer.ask("shell", "comm_info_request", {}).content["comms"])

    def test_a_comm_that_a_cell_opens_reaches_the_client(self):
        cell = self.run_ok(
            "const link = comms.open('panel', { n: 1 }); link.send('x', { buffers: [new Uint8Array([7])] });"
            " link.onMessage = ({ data }) => { globalThis.heard = data }; link.id"
        )
        comm_id = cell.value.strip("'")
        (_, opened, _), (_, sent, buffers) = self.comms_of(cell.messages)
        self.assertEqual(opened, {"comm_id": comm_id, "target_name": "panel", "data": {"n": 1}})
        self.assertEqual((sent, buffers), ({"comm_id": comm_id, "data": "x"}, [b"\x07"]))
        self.peer.output(self.peer.send("shell", "comm_msg", dict(comm_id=comm_id, data="hello")))
        self.assertEqual(self.run_ok("globalThis.heard").value, "'hello'")
        cell = self.run_ok("link.close()")
        self.assertEqual([kind for kind, _, _ in self.comms_of(cell.messages)], ["comm_close"])

    def test_a_comm_message_reaches_a_cell_that_waits_for_it(self):
        cell = self.run_ok("const waiter = comms.open('panel'); waiter.id")
        comm_id = cell.value.strip("'")
        running = self.peer.execute("await new Promise((resolve) => { waiter.onMessage = ({ data }) => resolve(data) })")
        self.peer.output(running, until=lambda m: m["msg_type"] == "execute_input")
        time.sleep(0.2)
        self.peer.send("shell", "comm_msg", dict(comm_id=comm_id, data="there"))
        self.assertEqual(self.peer.finish(running, timeout=10).value, "'there'")

    def test_a_comm_to_an_unknown_target_is_closed(self):
        opened = self.peer.send("shell", "comm_open", dict(comm_id="c0", target_name="nobody", data={}))
        late = self.wait_for_comm(opened, self.peer.output(opened))
        self.assertEqual(late, [("comm_close", {"comm_id": "c0", "data": {}}, [])])
        self.assertNotIn("c0", self.peer.ask("shell", "comm_info_request", {}).content["comms"])

    def wait_for_comm(self, msg_id, messages):
        """The comm messages that a message caused; they may come after its idle."""
        end = time.time() + 5
        while not self.comms_of(messages) and time.time() < end:
            more = self.peer.unread + self.peer.nothing_more(0.1)
            self.peer.unread = []
            messages = messages + [m for m in more if m["parent_header"].get("msg_id") == msg_id]
        return self.comms_of(messages)


class Welcome(KernelCase):
    def test_iopub_welcome_greets_each_subscription(self):
        info = self.peer.kc.get_connection_info()
        context = zmq.Context()
        socket = context.socket(zmq.SUB)
        try:
            socket.connect(f"tcp://{info['ip']}:{info['iopub_port']}")
            socket.setsockopt(zmq.SUBSCRIBE, b"")
            self.assertTrue(socket.poll(5000))
            session = Session(key=self.peer.kc.session.key)
            _, frames = session.feed_identities(socket.recv_multipart())
            msg = session.deserialize(frames)
            self.assertEqual(msg["header"]["msg_type"], "iopub_welcome")
            self.assertEqual(msg["content"], {"subscription": ""})
            self.assertEqual(msg["parent_header"], {})
        finally:
            socket.close(0)
            context.term()
        self.peer.nothing_more()

    def test_heartbeat_answers_while_a_cell_runs(self):
        info = self.peer.kc.get_connection_info()
        running = self.peer.execute("while (true) {}")
        self.peer.output(running, until=lambda m: m["msg_type"] == "execute_input")
        context = zmq.Context()
        socket = context.socket(zmq.REQ)
        try:
            socket.connect(f"tcp://{info['ip']}:{info['hb_port']}")
            for n in range(10):
                beat = f"beat {n}".encode()
                socket.send(beat)
                self.assertTrue(socket.poll(1000))
                self.assertEqual(socket.recv(), beat)
        finally:
            socket.close(0)
            context.term()
            self.peer.ask("control", "interrupt_request")
            self.peer.finish(running)


class Shutdown(unittest.TestCase):
    def test_shutdown_request_is_answered_and_ends_the_kernel(self):
        for channel in ("shell", "control"):
            p = Peer()
            try:
                p.run("setInterval(() => {}, 1000)")
                msg_id = p.send(channel, "shutdown_request", {"restart": False})
                self.assertEqual(p.reply(msg_id, channel)["content"], {"status": "ok", "restart": False})
                end = time.time() + 5
                while p.km.is_alive() and time.time() < end:
                    time.sleep(0.02)
                self.assertFalse(p.km.is_alive())
                published = p.output(msg_id, until=lambda m: m["msg_type"] == "shutdown_reply")
                self.assertEqual(published[-1]["content"]["restart"], False)
            finally:
                p.close()

    def test_restart_gives_a_fresh_kernel(self):
        p = Peer()
        try:
            p.run("let gone = 1")
            p.km.restart_kernel()
            p.kc.wait_for_ready(timeout=30)
            p.unread = []
            cell = p.run("typeof gone")
            self.assertEqual((cell.content["execution_count"], cell.value), (1, "'undefined'"))
        finally:
            p.close()


if __name__ == "__main__":
    peer.main()
