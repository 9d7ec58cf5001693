"""``serve --port N``: Flask-Admin's list of activities, lean: what is shown is joined, nothing counted."""

import os
import sys

from flask import Flask, request
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_sqlalchemy import SQLAlchemy
from gunicorn.app.base import BaseApplication
from sqlalchemy.orm import joinedload

db = SQLAlchemy()


class Dialogue(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.Text)


class Person(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.Text)


class Activity(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    person_id = db.Column(db.ForeignKey("person.id"))
    dialogue_id = db.Column(db.ForeignKey("dialogue.id"))
    account_id = db.Column(db.Integer)
    family = db.Column(db.Text)
    type_key = db.Column(db.Text)
    at = db.Column(db.Integer)
    person = db.relationship(Person)
    dialogue = db.relationship(Dialogue)


class Activities(ModelView):
    can_create = can_edit = can_delete = False
    action_disallowed_list = ("delete",)
    simple_list_pager = True
    page_size = 50
    column_list = ("person.name", "type_key", "dialogue.name", "at")
    column_sortable_list = ("at",)
    column_default_sort = ("at", True)

    def get_query(self):
        account_id = int(request.args["account_id"])
        of_account = super().get_query().filter(Activity.account_id == account_id, Activity.family == "chat")
        return of_account.options(joinedload(Activity.person), joinedload(Activity.dialogue))


class Server(BaseApplication):
    def __init__(self, port):
        self.port = port
        super().__init__()

    def load_config(self):
        self.cfg.set("bind", f"127.0.0.1:{self.port}")
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("threads", 4)

    def load(self):
        app = Flask(__name__)
        app.config.update(SECRET_KEY="bench", SQLALCHEMY_DATABASE_URI=os.environ["CHATPANE_DATABASE_URL"])
        db.init_app(app)
        app.get("/readyz")(lambda: "ready\n")
        Admin(app, name="bench").add_view(Activities(Activity, db, endpoint="activity"))
        return app


if __name__ == "__main__":
    Server(sys.argv[3]).run()
