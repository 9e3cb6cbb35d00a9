from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException

from guichet_auth import Refused, caller

app = FastAPI()


# Without `async`: reading the keys waits, and FastAPI lets it wait in a thread.
def signed_in(authorization: Annotated[str | None, Header()] = None) -> dict:
    try:
        return caller(authorization)
    except Refused as refused:
        headers = {"WWW-Authenticate": "Bearer"} if refused.status == 401 else None
        raise HTTPException(refused.status, refused.message, headers) from refused


@app.get("/me")
def me(claims: Annotated[dict, Depends(signed_in)]) -> dict:
    return {"id": claims["sub"], "email": claims["email"]}
