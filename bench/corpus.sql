-- The inbox's corpus: everything is drawn from (row number, salt, seed), so that one seed makes one corpus.
-- Times are counted back from the moment of loading. :conversations and :seed are filled in by corpus.py, which has
-- made the tables bench_fragment (sentences with their lexemes) and bench_name (people's names) before.

CREATE FUNCTION bench_u(i bigint, salt int) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (hashint8extended(i, salt + :seed * 1000) & 2147483647) / 2147483648.0;

-- People: 40 agents in 4 teams. 3 of 12 channels belong to a team; whoever is only in team 1 sees 10 of them.
INSERT INTO people_team (id, name) SELECT i, 'Team ' || i FROM generate_series(1, 4) i;
INSERT INTO people_person (id, email, name, password, roles, authority, is_active, theme, density, has_shortcuts)
SELECT i, 'agent' || i || '@bench.invalid', '상담원 ' || i, '!', '{agent,lead}', 2, true, 'system', 'comfortable', true
FROM generate_series(1, 40) i;
INSERT INTO people_team_members (person_id, team_id) SELECT i, 1 + (i - 1) % 4 FROM generate_series(1, 40) i;
INSERT INTO channels_channel (id, network, origin, remote_id, handle, name, purpose, mode, time_zone, language, hours,
    poll_seconds, next_poll_at, checked_at, healthy_at, opened_on, is_public, credentials, session)
SELECT i, CASE i % 2 WHEN 1 THEN 'practice' ELSE 'bluesky' END, 'https://' || (i % 2) || '.bench.invalid', 'account' || i,
    'company' || i, '채널 ' || i, 'care', 'open', 'Asia/Seoul', 'ko', '{}', 15, now() + interval '50 years', now(), now(),
    '2024-01-01', true, '', ''
FROM generate_series(1, 12) i;
INSERT INTO channels_channel_teams (channel_id, team_id) VALUES (4, 1), (7, 2), (11, 3);
INSERT INTO inbox_label (id, name, tone)
SELECT i, '꼬리표 ' || i, (ARRAY['plain', 'info', 'ok', 'warn', 'danger'])[1 + i % 5] FROM generate_series(1, 30) i;
INSERT INTO inbox_cannedresponse (name, text, language, by_id)
SELECT '답 ' || i, '{이름} 님, 불편을 드려 죄송해요. 곧 확인하고 다시 말씀드릴게요. ' || i, 'ko', 1 FROM generate_series(1, 20) i;

-- Contacts: six accounts for ten conversations, seven contacts for eight accounts.
INSERT INTO contacts_contact (id, name, created_at)
SELECT i, n.name, now() - interval '730 days' * bench_u(i, 1)
FROM generate_series(1, :conversations * 6 / 10 * 7 / 8 + 1) i
JOIN bench_name n ON n.id = floor((SELECT count(*) FROM bench_name) * bench_u(i, 2))::int;
INSERT INTO contacts_identity (id, contact_id, network, origin, remote_id, handle, name, search)
SELECT i, 1 + i * 7 / 8, CASE i % 2 WHEN 1 THEN 'practice' ELSE 'bluesky' END, 'https://' || (i % 2) || '.bench.invalid',
    'person' || i, n.latin || i, n.name, array_to_tsvector(n.terms || ARRAY[n.latin || i])
FROM generate_series(1, :conversations * 6 / 10) i
JOIN bench_name n ON n.id = floor((SELECT count(*) FROM bench_name) * bench_u(1 + i * 7 / 8, 2))::int;

-- Conversations: 2 years, five messages on average, one in ten thousand with 400 more.
CREATE UNLOGGED TABLE bench_plan AS
SELECT i AS id, channel, language, is_live, n, opened_at,
    least(interval '1 hour' * (0.2 + 30 * bench_u(i, 3) ^ 3), (now() - opened_at) / (n + 1)) AS pace,
    1 + 2 * floor(:conversations * 3 / 10 * bench_u(i, 4) ^ 1.4)::bigint - (1 - channel % 2) AS identity
FROM (
    SELECT i, 1 + floor(12 * bench_u(i, 5) ^ 1.8)::int AS channel,
        CASE WHEN bench_u(i, 6) < 0.85 THEN 'ko' ELSE 'en' END AS language,
        bench_u(i, 7) < CASE WHEN i > :conversations * 0.9 THEN 0.75 ELSE 0.05 END AS is_live,
        1 + floor(-4.55 * ln(1 - bench_u(i, 8)))::int + CASE WHEN bench_u(i, 9) < 0.0001 THEN 400 ELSE 0 END AS n,
        now() - interval '730 days' * (1 - (i - 0.5) / :conversations) AS opened_at
    FROM generate_series(1, :conversations) i
) drawn;
UPDATE bench_plan SET identity = 1 + (identity + 1) % 2 WHERE identity < 1;
ANALYZE bench_plan;

-- Messages, numbered in the order of their times as an inbox that runs for two years numbers them.
CREATE UNLOGGED TABLE bench_step AS
SELECT row_number() OVER (ORDER BY at, id, k)::bigint AS id, id AS conversation, k, at, direction FROM (
    SELECT p.id, k, opened_at + pace * (k - 1 + 0.5 * bench_u(p.id * 1000 + k, 10)) AS at,
        CASE WHEN k = 1 OR bench_u(p.id * 1000 + k, 11) < 0.5 THEN 'inbound'
             WHEN bench_u(p.id * 1000 + k, 11) < 0.93 THEN 'outbound' ELSE 'note' END AS direction
    FROM bench_plan p, generate_series(1, p.n) k
) steps;
ANALYZE bench_step;

INSERT INTO inbox_conversation (id, channel_id, also_channels, identity_id, origin, thread_ref, is_direct, state, outcome,
    subject, preview, snoozed_until, claimed_by_id, claim_until, assigned_to_id, last_at, last_message_id,
    last_inbound_id, waiting_since, answered_id, first_inbound_at, first_human_reply_at, created_at, resolved_at)
SELECT p.id, channel, CASE WHEN bench_u(p.id, 12) < 0.02 THEN ARRAY[1 + (channel + 1) % 12]::bigint[] ELSE '{}' END,
    identity, 'https://' || (channel % 2) || '.bench.invalid', 'thread' || p.id, bench_u(p.id, 13) < 0.2, state,
    CASE state WHEN 'resolved' THEN 'solved' ELSE '' END, subject.text, preview.text,
    CASE WHEN state IN ('open', 'pending') AND bench_u(p.id, 14) < 0.06 THEN now() + interval '50 years' END,
    claimer, CASE WHEN claimer IS NOT NULL THEN now() + interval '50 years' END,
    CASE WHEN bench_u(p.id, 15) < 0.25 THEN coalesce(claimer, 1 + floor(40 * bench_u(p.id, 16))::int) END,
    last_at, last_id, last_inbound_id, CASE state WHEN 'open' THEN last_inbound_at END, coalesce(answered_id, 0), opened_at,
    first_reply_at, opened_at, CASE state WHEN 'resolved' THEN last_at END
FROM (
    SELECT p.*, s.*, CASE WHEN NOT is_live THEN 'resolved' WHEN bench_u(p.id, 17) < 0.08 THEN 'on_hold'
            WHEN coalesce(answered_id, 0) < last_inbound_id THEN 'open' ELSE 'pending' END AS state,
        -- The bench's own viewer, agent 1, holds about 90 conversations however large the house is.
        CASE WHEN NOT is_live THEN NULL WHEN bench_u(p.id, 18) < 750.0 / :conversations THEN 1
            WHEN bench_u(p.id, 19) < 0.3 THEN 2 + floor(39 * bench_u(p.id, 20))::int END AS claimer
    FROM bench_plan p JOIN (
        SELECT conversation, max(at) AS last_at, max(id) AS last_id,
            max(id) FILTER (WHERE direction = 'inbound') AS last_inbound_id,
            max(at) FILTER (WHERE direction = 'inbound') AS last_inbound_at,
            max(id) FILTER (WHERE direction = 'outbound') AS answered_id,
            min(at) FILTER (WHERE direction = 'outbound') AS first_reply_at
        FROM bench_step GROUP BY conversation
    ) s ON s.conversation = p.id
) p
JOIN bench_fragment subject ON subject.id = floor((SELECT count(*) FROM bench_fragment) * bench_u(p.id, 21) ^ 2)::int
JOIN bench_fragment preview ON preview.id = floor((SELECT count(*) FROM bench_fragment) * bench_u(p.id, 22) ^ 2)::int
ORDER BY p.id;

INSERT INTO channels_delivery (id, key, channel_id, kind, state, text, by_id, created_at, due_at, attempts_made, remote_id,
    sent_at, seen_at, settled_at)
SELECT s.id, md5('delivery' || s.id)::uuid, p.channel, 'reply', 'sent', '', 1 + s.id % 40, at, at, 1, 'post' || s.id,
    at, at, at
FROM bench_step s JOIN bench_plan p ON p.id = s.conversation WHERE direction = 'outbound' ORDER BY s.id;

-- A text is two sentences, the common ones far more often than the rare ones; one in five names an order's number.
INSERT INTO inbox_message (id, conversation_id, direction, is_direct, identity_id, person_id, text, language, origin,
    remote_id, posted_at, received_at, delivery_id, url, search, indexed_at)
SELECT s.id, s.conversation, s.direction, c.is_direct,
    CASE s.direction WHEN 'inbound' THEN c.identity_id END, CASE WHEN s.direction <> 'inbound' THEN 1 + s.id % 40 END,
    one.text || ' ' || two.text || CASE WHEN s.id % 5 = 0 THEN ' 주문번호 ' || lpad(s.id::text, 9, '0') ELSE '' END,
    p.language, CASE WHEN s.direction <> 'note' THEN c.origin ELSE '' END,
    CASE WHEN s.direction <> 'note' THEN 'post' || s.id ELSE '' END, s.at, s.at,
    CASE s.direction WHEN 'outbound' THEN s.id END,
    CASE WHEN s.direction <> 'note' THEN 'https://bench.invalid/post/' || s.id ELSE '' END,
    array_to_tsvector(one.terms || two.terms || CASE WHEN s.id % 5 = 0
        THEN ARRAY['주문번호', 'b:주문', 'b:문번', 'b:번호', lpad(s.id::text, 9, '0')] ELSE '{}' END
        || ARRAY['c:' || p.channel] || ARRAY(SELECT 'c:' || also FROM unnest(c.also_channels) also)
        || ARRAY['t:0:' || t, 't:1:' || (t >> 3), 't:2:' || (t >> 6), 't:3:' || (t >> 9),
            't:4:' || (t >> 12), 't:5:' || (t >> 15), 't:6:' || (t >> 18), 't:7:' || (t >> 21)]), s.at
FROM (SELECT *, floor(extract(epoch FROM at) / 64)::bigint AS t FROM bench_step) s
JOIN bench_plan p ON p.id = s.conversation
JOIN inbox_conversation c ON c.id = s.conversation
JOIN (SELECT language, count(*) AS sentences FROM bench_fragment GROUP BY language) l ON l.language = p.language
JOIN bench_fragment one ON one.language = p.language AND one.rank = floor(l.sentences * bench_u(s.id, 23) ^ 2)::int
JOIN bench_fragment two ON two.language = p.language AND two.rank = floor(l.sentences * bench_u(s.id, 24) ^ 2)::int
ORDER BY s.id;

INSERT INTO inbox_messageversion (message_id, revision, text, observed_at, replaced_at)
SELECT id, 'first', '고치기 전의 글이에요.', at, at FROM bench_step WHERE direction = 'inbound' AND bench_u(id, 25) < 0.02;
INSERT INTO inbox_messagemedia (message_id, position, url, mime, alt, width, height, content)
SELECT id, 0, 'https://bench.invalid/picture/' || id, 'image/png', '받은 사진', 640, 480, '\x00'
FROM bench_step WHERE direction = 'inbound' AND bench_u(id, 26) < 0.03;
INSERT INTO inbox_labelling (conversation_id, label_id, channel_id, shelf, last_at)
SELECT id, label, channel_id, shelf, last_at FROM (
    SELECT DISTINCT c.id, 1 + floor(30 * bench_u(c.id * 4 + k, 27) ^ 2.5)::int AS label, channel_id, shelf, last_at
    FROM inbox_conversation c, generate_series(0, 2) k WHERE bench_u(c.id * 4 + k, 28) < 0.3
) drawn ORDER BY last_at;
INSERT INTO inbox_readmark (person_id, conversation_id, upto_id)
SELECT 2 + floor(39 * bench_u(id, 29))::int, id, last_inbound_id FROM inbox_conversation WHERE bench_u(id, 30) < 0.7;
DROP TABLE bench_plan, bench_step, bench_fragment, bench_name;
DROP FUNCTION bench_u;
