"""The pages' words in English. The Korean ones stand where they are used, and are the keys here."""

from __future__ import annotations

ENGLISH: dict[str, str] = {
    # frame
    "본문으로 건너뛰기": "Skip to content",
    "연습 네트워크예요. 밖으로 나가지 않아요.": "This is the practice network. Nothing leaves it.",
    "연습 네트워크": "Practice network",
    "주 메뉴": "Main menu",
    "모든 글": "All posts",
    "알림": "Notifications",
    "쪽지": "Direct",
    "찾기": "Search",
    "나": "Me",
    "들어오기": "Come in",
    "새 알림 있음": "there are new notifications",
    "새 글 {n}개 보기": "Show {n} new posts",
    "새 글이 {n}개 왔어요.": "{n} new posts arrived.",
    "기기 설정대로": "as the device",
    "어두운 화면": "dark",
    "밝은 화면": "light",
    "화면: {now}. 누르면 {next}": "Theme: {now}. Press for {next}",
    "곁 정보": "Beside",
    "말을 걸 수 있는 곳": "Who you can talk to",
    "말 걸기": "Talk to",
    "아직 회사 계정이 없어요. 소통에서 채널을 이으면 여기에 나와요.": (
        "No company account yet. Connect a channel in Sotong and it appears here."
    ),
    "지금 나는": "I am now",
    "다른 사람도 되어 보기": "Be somebody else too",
    "여기는요": "About this place",
    "누구나 고객이 되어 회사에 말을 걸어 보는 연습장이에요. 글도 쪽지도 이 컴퓨터를 떠나지 않아요.": (
        "Here anyone can be a customer and talk to the company, for practice. No post or message leaves this computer."
    ),
    "소통(Sotong)과 함께 쓰는 연습용 네트워크예요.": "A network for practising with Sotong.",
    "고장 내 보기": "Break things",
    "더 오래된 것 보기": "Show older",
    "모든 글로 가기": "Go to all posts",
    "여기까지예요": "Nothing here",
    "하지 못했어요": "That did not work",
    "지금 {length}자, 많아도 {limit}자예요.": "It has {length} characters; the limit is {limit}.",
    # posts
    "회사": "Company",
    "고침": "edited",
    "@{handle}님에게 답글": "Replying to @{handle}",
    "@{handle}님이 지운 글이에요.": "@{handle} deleted this post.",
    "인용한 글을 쓴 분이 지웠어요.": "The quoted post was deleted by its author.",
    "설명이 없는 이미지": "Image without a description",
    "이미지 설명": "Image description",
    "답글 쓰기": "Reply",
    "좋아요": "Like",
    "인용하기": "Quote",
    "고치기": "Edit",
    "지우기": "Delete",
    "아직 글이 없어요": "No posts yet",
    "첫 글을 써 보세요. 회사 계정을 @로 부르면 그쪽 상담 화면에 나와요.": (
        "Write the first one. Mention a company account with @ and it shows on their desk."
    ),
    "고객이 되어 말을 걸어 보세요": "Be a customer and say something",
    "이름만 적으면 바로 시작해요. 비밀번호도 메일 주소도 받지 않아요.": (
        "A name is all it takes. We ask for no password and no address."
    ),
    "이야기": "Thread",
    "@{handle}님이 시작한 이야기": "A thread that @{handle} began",
    "이어지는 글 더 보기": "Show more of this thread",
    "지운 글에는 답할 수 없어요.": "A deleted post cannot be answered.",
    "들어와서 답하기": "Come in to answer",
    # writing
    "새 글": "New post",
    "인용해서 쓰기": "Write about a post",
    "{name} 이름으로 새 글": "New post as {name}",
    "@로 회사 계정을 부르면 상담 화면에 닿아요": "Mention a company account with @ to reach their desk",
    "올리기": "Post",
    "@{handle}님의 글에 답글": "Answer to @{handle}’s post",
    "답글 올리기": "Post reply",
    "글 고치기": "Edit post",
    "내 글 고치기": "Edit my post",
    "고쳐서 올리기": "Save changes",
    "고치면 ‘고침’ 표시가 붙고, 이 글을 본 사람에게 알려요.": (
        "An edited post is marked, and the people that it concerns are told."
    ),
    "글 지우기": "Delete post",
    "이 글을 지울까요?": "Delete this post?",
    "지우면 되돌릴 수 없어요. 지웠다는 자리는 남아요.": "This cannot be undone. A mark stays in its place.",
    "이 글 지우기": "Delete this post",
    "그냥 두기": "Keep it",
    "이미지": "Image",
    "이미지 {n}": "Image {n}",
    "이미지 {n}에 무엇이 보이나요?": "What does image {n} show?",
    "(없어도 돼요)": "(optional)",
    "빼기": "Leave out",
    "자": "characters",
    "엔터는 줄을 바꿔요. 보내려면 컨트롤(또는 커맨드)과 엔터를 함께 눌러요.": (
        "Enter makes a new line. Press Ctrl (or Command) and Enter to send."
    ),
    # direct messages
    "두 사람만 보는 글이에요.": "Only two people see these.",
    "아직 쪽지가 없어요": "No direct messages yet",
    "회사나 다른 사람의 화면에서 ‘쪽지 쓰기’를 눌러 보세요.": "Choose “Write directly” on somebody’s page.",
    "@{handle}님에게 쪽지 쓰기": "Write directly to @{handle}",
    "지운 쪽지": "Deleted message",
    "지운 쪽지예요.": "This message was deleted.",
    "쪽지 지우기": "Delete message",
    "쪽지 쓰기": "Write directly",
    "쪽지 보내기": "Send directly",
    "@{handle}님과 나눈 쪽지": "Direct messages with @{handle}",
    "@{handle}님에게만 보내는 쪽지": "Direct message, to @{handle} only",
    "첫 쪽지를 써 보세요": "Write the first message",
    "이 쪽지는 두 사람만 봐요.": "Only the two of you see it.",
    # news
    "새 알림": "new",
    "아직 알림이 없어요": "No notifications yet",
    "누가 답하거나 부르면 여기에 모여요.": "When somebody answers or mentions you, it shows here.",
    "{who}님이 내 글에 답했어요.": "{who} answered your post.",
    "{who}님이 나를 불렀어요.": "{who} mentioned you.",
    "{who}님이 내 글을 인용했어요.": "{who} quoted your post.",
    "{who}님이 함께한 이야기에 글을 썼어요.": "{who} wrote in a thread of yours.",
    "{who}님이 글을 고쳤어요.": "{who} edited a post.",
    "{who}님이 글을 지웠어요.": "{who} deleted a post.",
    "{who}님이 내 글을 좋아해요.": "{who} likes your post.",
    "{who}님이 좋아요를 거뒀어요.": "{who} took a like back.",
    "{who}님이 쪽지를 보냈어요.": "{who} wrote to you directly.",
    "{who}님이 쪽지를 지웠어요.": "{who} deleted a direct message.",
    # people
    "아이디": "Handle",
    "영문 소문자, 숫자, 밑줄. 나중에 바꿀 수 없어요.": "a-z, 0-9 and _. It cannot be changed later.",
    "보일 이름": "Display name",
    "글 옆에 나와요. 언제든 바꿀 수 있어요.": "Shown beside your posts. Change it whenever you like.",
    "시작하기": "Start",
    "프로필 그림": "Profile picture",
    "소개": "About you",
    "프로필 저장하기": "Save profile",
    "프로필 고치기": "Edit profile",
    "아직 쓴 글이 없어요": "No posts yet",
    "이 브라우저의 사람들": "The people of this browser",
    "비밀번호가 없어서, 나가면 이 사람들로 다시 들어올 수 없어요. 쓴 글은 남아요.": (
        "There are no passwords: once you leave, you cannot come back as these people. Their posts stay."
    ),
    "{n}명 모두 두고 나가기": "Leave all {n} behind",
    # search
    "글에서 찾을 말": "Words to find in posts",
    "찾은 글이 없어요": "No posts found",
    "낱말의 일부만 적어도 찾아요. 띄어 쓰면 모두 든 글을 찾아요.": (
        "Parts of words are found too. Several words: posts that hold them all."
    ),
    # faults
    "진짜 네트워크는 느려지고, 끊기고, 엉뚱한 답을 해요. 미리 겪어 보세요. 사람이 쓰는 화면에는 고장이 나지 않아요.": (
        "Real networks slow down, break off and answer nonsense. Meet it here first. These pages themselves are spared."
    ),
    "관리 열쇠": "Administrator’s secret",
    "자료 폴더의 practice/admin-secret 파일에 있어요. 이 컴퓨터를 맡은 사람만 읽을 수 있어요.": (
        "It is in the file practice/admin-secret of the data folder, readable by whoever runs this computer."
    ),
    "열기": "Open",
    "고장": "Faults",
    "고장 모두 끄기": "Switch all off",
    "켜짐": "on",
    "켜기": "Switch on",
    "바꾸기": "Change",
    "끄기": "Switch off",
    "지금까지 {n}번": "{n} times so far",
    "확률(%)": "Chance (%)",
    "초": "Seconds",
    "한 뒤에": "after the effect",
    "이 네트워크의 규칙": "Rules of this network",
    "같은 키로 보낸 글은 한 번만 올라가요": "The same key is the same post, once",
    "끄면 같은 키가 올 때마다 새 글이 돼요. 두 번 보내는 프로그램을 찾아낼 때 꺼요.": (
        "Off: every repeat makes another post. For finding programs that send twice."
    ),
    "쓰기 한도": "Write limit",
    "읽기 한도": "Read limit",
    "한도를 세는 시간(초)": "Window (seconds)",
    "규칙 저장하기": "Save rules",
    "관리 닫기": "Close administration",
    "답글": "Replies",
    "지움": "Deletions",
    "읽어 감": "Read-outs",
    "낸 고장": "Faults injected",
}
